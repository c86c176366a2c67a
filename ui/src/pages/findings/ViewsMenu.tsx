// The menu of saved views, and saving the present one.
import { A, useLocation } from "@solidjs/router";
import { createSignal, createUniqueId, For, Show } from "solid-js";
import { Icon } from "../../parts/Icon";
import { toast } from "../../parts/Toast";
import { dropView, GIVEN, saveView, views } from "./views";

export function ViewsMenu() {
  const place = useLocation();
  const id = createUniqueId();
  const [name, setName] = createSignal("");
  let button: HTMLButtonElement | undefined;
  let panel: HTMLDivElement | undefined;
  const placePanel = () => {
    if (!button || !panel) return;
    const box = button.getBoundingClientRect();
    panel.style.setProperty("left", `${Math.max(8, Math.min(box.left, innerWidth - panel.offsetWidth - 8))}px`);
    panel.style.setProperty("top", `${box.bottom + 4}px`);
  };
  const save = () => {
    if (name().trim() === "") return;
    saveView({ name: name().trim(), query: place.search.replace(/^\?/, "") });
    toast(`Saved as “${name().trim()}” in this browser.`);
    setName("");
  };
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(location.href);
      toast("The address of this view was copied.");
    } catch {
      toast("The browser does not allow copying; take the address from its bar.", { bad: true });
    }
    panel?.hidePopover();
  };
  return (
    <>
      <button ref={button} type="button" class="button" popovertarget={id} aria-haspopup="dialog">
        Views
        <Icon name="chevron" class="filter-arrow" />
      </button>
      <div ref={panel} id={id} popover="auto" role="dialog" aria-label="Saved views" class="filter-panel views-panel" onToggle={placePanel}>
        <ul>
          <For each={[...GIVEN, ...views()]}>
            {(view) => (
              <li class="view-row">
                <A href={`/findings?${view.query}`} class="cut" onClick={() => panel?.hidePopover()}>
                  {view.name}
                </A>
                <Show when={!GIVEN.includes(view)}>
                  <button type="button" class="button quiet small" aria-label={`Delete the view ${view.name}`} onClick={() => dropView(view.name)}>
                    <Icon name="close" />
                  </button>
                </Show>
              </li>
            )}
          </For>
        </ul>
        <form
          class="row"
          onSubmit={(event) => {
            event.preventDefault();
            save();
          }}
        >
          <input class="input view-name" aria-label="Name for this view" placeholder="Save this view as" value={name()} onInput={(event) => setName(event.currentTarget.value)} />
          <button type="submit" class="button small" disabled={name().trim() === ""}>
            Save
          </button>
        </form>
        <button type="button" class="button small" onClick={() => void copy()}>
          <Icon name="copy" />
          Copy the address
        </button>
      </div>
    </>
  );
}
