// What filter bars are made of: a search box and choices that open below their button.
import { createSignal, createUniqueId, For, onCleanup, Show } from "solid-js";
import { number } from "./Badge";
import { Icon } from "./Icon";
import "./filter.css";

export interface Option {
  value: string;
  label: string;
  /** How many there are of it. */
  count?: number;
}

/** Several values of one dimension; options may be read when it is opened. */
export function FilterSelect(props: {
  label: string;
  values: readonly string[];
  options: readonly Option[] | (() => Promise<readonly Option[]>);
  onChange: (values: string[]) => void;
  /** Only one value at a time. */
  single?: boolean;
}) {
  const id = createUniqueId();
  const [read, setRead] = createSignal<readonly Option[]>();
  const [problem, setProblem] = createSignal("");
  const [words, setWords] = createSignal("");
  let button: HTMLButtonElement | undefined;
  let panel: HTMLDivElement | undefined;

  const options = (): readonly Option[] => {
    const known = typeof props.options === "function" ? (read() ?? []) : props.options;
    // What is chosen stays there to be unchosen, even if nothing of it is left.
    const missing = props.values.filter((value) => !known.some((one) => one.value === value)).map((value) => ({ value, label: value }));
    return [...missing, ...known];
  };
  const shown = () => {
    const wanted = words().toLowerCase();
    return options().filter((one) => one.label.toLowerCase().includes(wanted) || one.value.toLowerCase().includes(wanted));
  };
  const labelOf = (value: string) => options().find((one) => one.value === value)?.label ?? value;
  const summary = () => (props.values.length === 0 ? "" : props.values.length <= 2 ? props.values.map(labelOf).join(", ") : `${props.values.length} chosen`);

  const place = () => {
    if (!button || !panel) return;
    const box = button.getBoundingClientRect();
    const width = panel.offsetWidth;
    panel.style.setProperty("left", `${Math.max(8, Math.min(box.left, innerWidth - width - 8))}px`);
    panel.style.setProperty("top", `${box.bottom + 4}px`);
    panel.style.setProperty("max-height", `${Math.max(160, innerHeight - box.bottom - 16)}px`);
  };
  const close = () => panel?.hidePopover();
  window.addEventListener("resize", close);
  onCleanup(() => window.removeEventListener("resize", close));

  const opened = async () => {
    setWords("");
    place();
    panel?.querySelector<HTMLElement>("input")?.focus();
    if (typeof props.options !== "function") return;
    try {
      setProblem("");
      setRead(await props.options());
    } catch (cause) {
      setProblem(cause instanceof Error ? cause.message : String(cause));
    }
  };
  const toggle = (value: string, on: boolean) => {
    if (props.single) {
      props.onChange(on ? [value] : []);
      close();
    } else props.onChange(on ? [...props.values, value] : props.values.filter((one) => one !== value));
  };

  return (
    <>
      <button ref={button} type="button" class="button filter" classList={{ chosen: props.values.length > 0 }} popovertarget={id} aria-haspopup="dialog">
        <span class={props.values.length > 0 ? "faint" : undefined}>{props.label}</span>
        <Show when={summary()}>
          <span class="filter-values cut">{summary()}</span>
        </Show>
        <Icon name="chevron" class="filter-arrow" />
      </button>
      <div
        ref={panel}
        id={id}
        popover="auto"
        role="dialog"
        aria-label={props.label}
        class="filter-panel"
        onToggle={(event) => (event as ToggleEvent).newState === "open" && void opened()}
      >
        <Show when={options().length > 8}>
          <input class="input" type="text" aria-label={`Search ${props.label}`} placeholder="Search" value={words()} onInput={(event) => setWords(event.currentTarget.value)} />
        </Show>
        <Show when={problem() === ""} fallback={<p class="small">{problem()}</p>}>
          <div class="filter-options">
            <For each={shown()} fallback={<p class="small faint">{typeof props.options === "function" && !read() ? "Reading…" : "Nothing"}</p>}>
              {(option) => (
                <label class="filter-option">
                  <input
                    type={props.single ? "radio" : "checkbox"}
                    name={id}
                    checked={props.values.includes(option.value)}
                    onChange={(event) => toggle(option.value, event.currentTarget.checked)}
                  />
                  <span class="cut" title={option.label}>
                    {option.label}
                  </span>
                  <Show when={option.count !== undefined}>
                    <span class="faint small">{number(option.count ?? 0)}</span>
                  </Show>
                </label>
              )}
            </For>
          </div>
        </Show>
        <Show when={props.values.length > 0}>
          <button
            type="button"
            class="button quiet small"
            onClick={() => {
              props.onChange([]);
              close();
            }}
          >
            Clear
          </button>
        </Show>
      </div>
    </>
  );
}

/** A search that is told of words when typing rests. */
export function SearchBox(props: { label: string; value: string; onSearch: (words: string) => void; placeholder?: string }) {
  let timer: number | undefined;
  onCleanup(() => window.clearTimeout(timer));
  const tell = (words: string, wait: number) => {
    window.clearTimeout(timer);
    timer = window.setTimeout(() => props.onSearch(words.trim()), wait);
  };
  return (
    <div class="search-box" role="search" aria-label={props.label}>
      <Icon name="search" />
      <input
        class="input"
        type="search"
        aria-label={props.label}
        placeholder={props.placeholder ?? props.label}
        value={props.value}
        onInput={(event) => tell(event.currentTarget.value, 300)}
        onKeyDown={(event) => event.key === "Enter" && tell(event.currentTarget.value, 0)}
      />
    </div>
  );
}
