// Tabs as the ARIA pattern wants them; the chosen one belongs in the address, so it is given from outside.
import { createUniqueId, For, type JSX } from "solid-js";
import "./tabs.css";

export interface Tab<Id extends string> {
  id: Id;
  title: string;
  /** A number behind the title. */
  count?: number | null;
}

export function Tabs<Id extends string>(props: {
  label: string;
  tabs: readonly Tab<Id>[];
  active: Id;
  choose: (id: Id) => void;
  children: (active: Id) => JSX.Element;
}) {
  const base = createUniqueId();
  const move = (event: KeyboardEvent) => {
    const at = props.tabs.findIndex((tab) => tab.id === props.active);
    const last = props.tabs.length - 1;
    const to = { ArrowRight: at === last ? 0 : at + 1, ArrowLeft: at === 0 ? last : at - 1, Home: 0, End: last }[event.key];
    const tab = to === undefined ? undefined : props.tabs[to];
    if (!tab) return;
    event.preventDefault();
    props.choose(tab.id);
    document.getElementById(`${base}-${tab.id}`)?.focus();
  };
  return (
    <div class="tabs">
      <div class="tab-list" role="tablist" aria-label={props.label} onKeyDown={move}>
        <For each={props.tabs}>
          {(tab) => (
            <button
              type="button"
              role="tab"
              id={`${base}-${tab.id}`}
              aria-selected={tab.id === props.active}
              aria-controls={`${base}-panel`}
              tabindex={tab.id === props.active ? 0 : -1}
              onClick={() => props.choose(tab.id)}
            >
              {tab.title}
              {tab.count === null || tab.count === undefined ? null : <span class="tab-count">{tab.count}</span>}
            </button>
          )}
        </For>
      </div>
      <div role="tabpanel" id={`${base}-panel`} aria-labelledby={`${base}-${props.active}`} class="tab-panel">
        {props.children(props.active)}
      </div>
    </div>
  );
}
