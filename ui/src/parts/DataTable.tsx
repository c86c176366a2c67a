// The table of the plane: sortable, fast at 100,000 rows (only what is in sight is drawn), usable by keyboard and screen
// reader, exported as CSV and JSON, with lesser columns leaving on narrow screens.
import { A, useNavigate } from "@solidjs/router";
import { createEffect, createMemo, createSignal, For, on, onCleanup, onMount, Show, type JSX } from "solid-js";
import { saveFile, toCsv, type Cell } from "./export";
import { Icon } from "./Icon";
import { number } from "./numbers";
import { compare } from "./order";
import { toast } from "./Toast";
import "./datatable.css";

export interface Column<T> {
  id: string;
  title: string;
  /** What is sorted, and exported unless `text` is there. */
  value: (row: T) => Cell;
  /** What is exported where the value only orders. */
  text?: (row: T) => Cell;
  /** What is shown; the value as text without it. */
  cell?: (row: T) => JSX.Element;
  /** A CSS width; columns without one share the rest. */
  width?: string;
  end?: boolean;
  /** 1 always shows; 2, 3 and 4 leave as the room shrinks (48, 70 and 100 rem); 5 is in exports only. */
  priority?: 1 | 2 | 3 | 4 | 5;
  /** May be sorted by; true unless said. */
  sort?: boolean;
}

export interface Sort {
  column: string;
  descending: boolean;
}

export interface DataTableProps<T> {
  /** Names the table for screen readers and the exported file. */
  caption: string;
  columns: readonly Column<T>[];
  rows: readonly T[];
  rowKey: (row: T) => string;
  /** Makes the first column a link and the row clickable. */
  href?: (row: T) => string;
  /** Order chosen by whoever made the rows; without `onSort` the table sorts by itself. */
  sort?: Sort | undefined;
  onSort?: (sort: Sort) => void;
  selected?: ReadonlySet<string>;
  onSelect?: (keys: ReadonlySet<string>) => void;
  /** All there are, if the rows are only those loaded so far. */
  total?: number | undefined;
  onNear?: () => void;
  /** Where the total is not known: more follows. */
  hasMore?: boolean;
  /** Gets every row for an export, when not all are loaded. */
  everything?: () => Promise<readonly T[]>;
  /** Stands left of the export buttons. */
  tools?: JSX.Element;
  empty?: JSX.Element;
  /** A name under which the place in a long table is kept, so that going back finds it again. */
  memory?: string;
  /** Words may take more lines; not for tables so long that only a part is drawn. */
  wrap?: boolean;
  /** Rows two lines high. */
  tall?: boolean;
  /** No heading row of tools, for small tables. */
  bare?: boolean;
}

/** Below this many rows all are drawn and the page scrolls, not the table. */
const DRAW_ALL = 80;
const SPARE = 12;
const PLACES_KEPT = 20;
const places = new Map<string, { top: number; row: number }>();

export function DataTable<T>(props: DataTableProps<T>) {
  const navigate = useNavigate();
  const [own, setOwn] = createSignal<Sort>();
  const [top, setTop] = createSignal(0);
  const [room, setRoom] = createSignal(800);
  const [rowHeight, setRowHeight] = createSignal(40);
  const [current, setCurrent] = createSignal(0);
  const [busy, setBusy] = createSignal("");
  let scroller: HTMLDivElement | undefined;
  let bodyRows: HTMLTableSectionElement | undefined;

  const sort = () => (props.onSort ? props.sort : own());
  const rows = createMemo<readonly T[]>(() => {
    const by = own();
    const column = props.onSort ? undefined : props.columns.find((one) => one.id === by?.column);
    if (!by || !column) return props.rows;
    const order = by.descending ? -1 : 1;
    // Values are read once; sorting 100,000 rows calls the comparison 1.7 million times.
    const keyed = props.rows.map((row) => ({ row, value: column.value(row) }));
    keyed.sort((a, b) => compare(a.value, b.value, order));
    return keyed.map((one) => one.row);
  });
  const virtual = () => rows().length > DRAW_ALL;
  const from = createMemo(() => (virtual() ? Math.max(0, Math.floor(top() / rowHeight()) - SPARE) : 0));
  const to = createMemo(() => (virtual() ? Math.min(rows().length, Math.ceil((top() + room()) / rowHeight()) + SPARE) : rows().length));
  const drawn = createMemo(() => rows().slice(from(), to()));

  const measure = () => {
    if (!scroller) return;
    setRoom(scroller.clientHeight);
    const height = bodyRows?.querySelector<HTMLElement>("tr[data-row]")?.getBoundingClientRect().height;
    if (height) setRowHeight(height);
  };
  onMount(() => {
    const watcher = new ResizeObserver(measure);
    if (scroller) watcher.observe(scroller);
    onCleanup(() => watcher.disconnect());
    measure();
    const name = props.memory;
    const place = name === undefined ? undefined : places.get(name);
    if (place && scroller) {
      setCurrent(Math.min(place.row, Math.max(0, rows().length - 1)));
      scroller.scrollTop = place.top;
      setTop(scroller.scrollTop);
    }
  });
  onCleanup(() => {
    if (props.memory === undefined) return;
    places.delete(props.memory);
    places.set(props.memory, { top: top(), row: current() });
    const oldest = places.keys().next();
    if (places.size > PLACES_KEPT && !oldest.done) places.delete(oldest.value);
  });
  createEffect(on(drawn, () => queueMicrotask(measure), { defer: true }));
  createEffect(() => {
    if (props.onNear && to() >= props.rows.length - 2 * SPARE) props.onNear();
  });

  // News replace rows; whoever stands on one must not be thrown out of the table.
  let standsOn: string | undefined;
  createEffect(
    on(
      rows,
      (list) => {
        const key = standsOn;
        if (key === undefined) return;
        queueMicrotask(() => {
          if (document.activeElement !== document.body) return;
          const at = list.findIndex((row) => props.rowKey(row) === key);
          if (at >= from() && at < to()) focusRow(at);
        });
      },
      { defer: true },
    ),
  );

  /** Draws what is in sight there. When the focused row leaves, browsers lay the table out in the middle of the exchange and cut
   * the place off at the height of that moment; so the place is said again. */
  const lookAt = (place: number) => {
    setTop(place);
    queueMicrotask(() => {
      if (scroller && scroller.scrollTop !== place) scroller.scrollTop = place;
    });
  };
  const focusRow = (index: number) => {
    const at = Math.min(Math.max(index, 0), rows().length - 1);
    setCurrent(at);
    if (scroller && virtual()) {
      const head = scroller.querySelector("thead")?.clientHeight ?? 0;
      const above = at * rowHeight();
      if (above < scroller.scrollTop) scroller.scrollTop = above;
      else if (above + rowHeight() + head > scroller.scrollTop + scroller.clientHeight) scroller.scrollTop = above + rowHeight() + head - scroller.clientHeight;
      lookAt(scroller.scrollTop);
    }
    queueMicrotask(() => bodyRows?.querySelector<HTMLElement>(`tr[data-row="${at}"]`)?.focus({ preventScroll: virtual() }));
  };

  const keys = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const page = Math.max(1, Math.floor(room() / rowHeight()) - 2);
    const step: Record<string, number> = {
      ArrowDown: current() + 1,
      ArrowUp: current() - 1,
      PageDown: current() + page,
      PageUp: current() - page,
      Home: 0,
      End: rows().length - 1,
    };
    const wanted = step[event.key];
    const onRow = event.target instanceof HTMLTableRowElement;
    if (wanted !== undefined) {
      event.preventDefault();
      focusRow(wanted);
    } else if (onRow && event.key === "Enter") open(current());
    else if (onRow && event.key === " " && props.onSelect) {
      event.preventDefault();
      toggle(current());
    }
  };

  const open = (index: number) => {
    const row = rows()[index];
    if (row !== undefined && props.href) navigate(props.href(row));
  };
  const toggle = (index: number) => {
    const row = rows()[index];
    if (row === undefined || !props.onSelect) return;
    const key = props.rowKey(row);
    const next = new Set(props.selected);
    if (!next.delete(key)) next.add(key);
    props.onSelect(next);
  };
  const allSelected = () => rows().length > 0 && (props.selected?.size ?? 0) >= rows().length;

  const sortBy = (column: Column<T>) => {
    const now = sort();
    const next = { column: column.id, descending: now?.column === column.id ? !now.descending : false };
    if (props.onSort) props.onSort(next);
    else setOwn(next);
    if (scroller) scroller.scrollTop = 0;
  };

  const save = async (kind: "csv" | "json") => {
    setBusy(kind);
    try {
      const every = props.everything ? await props.everything() : rows();
      const name = props.caption.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
      if (kind === "json") saveFile(`${name}.json`, "application/json", `${JSON.stringify(every, null, 1)}\n`);
      else {
        const lines = every.map((row) => props.columns.map((column) => (column.text ?? column.value)(row)));
        saveFile(`${name}.csv`, "text/csv", toCsv(props.columns.map((column) => column.title), lines));
      }
    } catch (cause) {
      toast(`The export failed: ${cause instanceof Error ? cause.message : String(cause)}`, { bad: true });
    } finally {
      setBusy("");
    }
  };

  /** Columns only for files are not drawn. */
  const columns = () => props.columns.filter((column) => column.priority !== 5);
  const klass = (column: Column<T>) => `p${column.priority ?? 1}${column.end ? " end" : ""}`;

  return (
    <div class="datatable" classList={{ tall: props.tall ?? false, wrap: (props.wrap ?? false) && !virtual() }}>
      <Show when={!props.bare}>
        <div class="datatable-tools">
          <p class="muted small" role="status">
            <Show when={props.total !== undefined && props.total > rows().length} fallback={props.hasMore ? `${number(rows().length)} loaded, more below` : `${number(rows().length)} ${rows().length === 1 ? "row" : "rows"}`}>
              {`${number(rows().length)} of ${number(props.total ?? 0)} loaded`}
            </Show>
          </p>
          <div class="row">
            {props.tools}
            <button type="button" class="button quiet small" disabled={busy() !== ""} onClick={() => void save("csv")} aria-label={`Export ${props.caption} as CSV`}>
              <Icon name="download" />
              {busy() === "csv" ? "Reading…" : "CSV"}
            </button>
            <button type="button" class="button quiet small" disabled={busy() !== ""} onClick={() => void save("json")} aria-label={`Export ${props.caption} as JSON`}>
              <Icon name="download" />
              {busy() === "json" ? "Reading…" : "JSON"}
            </button>
          </div>
        </div>
      </Show>
      <Show when={rows().length > 0} fallback={props.empty ?? <p class="datatable-empty muted">No rows.</p>}>
        <div
          ref={(element) => {
            scroller = element;
            queueMicrotask(measure);
          }}
          class="datatable-scroller"
          classList={{ virtual: virtual() }}
          onScroll={(event) => lookAt(event.currentTarget.scrollTop)}
        >
          <table aria-rowcount={(props.total ?? rows().length) + 1} onKeyDown={keys}>
            <caption class="visually-hidden">{props.caption}</caption>
            <thead>
              <tr aria-rowindex={1}>
                <Show when={props.onSelect}>
                  <th scope="col" class="check">
                    <input
                      type="checkbox"
                      aria-label="Select all loaded rows"
                      ref={(box) => createEffect(() => (box.indeterminate = !allSelected() && (props.selected?.size ?? 0) > 0))}
                      checked={allSelected()}
                      onChange={() => props.onSelect?.(new Set(allSelected() ? [] : rows().map(props.rowKey)))}
                    />
                  </th>
                </Show>
                <For each={columns()}>
                  {(column) => (
                    <th
                      scope="col"
                      class={klass(column)}
                      aria-sort={sort()?.column === column.id ? (sort()?.descending ? "descending" : "ascending") : undefined}
                      style={{ width: column.width }}
                    >
                      <Show when={column.sort !== false} fallback={column.title}>
                        <button type="button" onClick={() => sortBy(column)}>
                          {column.title}
                          <span class="sort-mark" aria-hidden="true">
                            {sort()?.column === column.id ? (sort()?.descending ? "▼" : "▲") : ""}
                          </span>
                        </button>
                      </Show>
                    </th>
                  )}
                </For>
              </tr>
            </thead>
            <tbody ref={bodyRows}>
              <Spacer height={from() * rowHeight()} />
              <For each={drawn()}>
                {(row, index) => {
                  const at = () => from() + index();
                  const key = props.rowKey(row);
                  return (
                    <tr
                      data-row={at()}
                      aria-rowindex={at() + 2}
                      aria-selected={props.onSelect ? (props.selected?.has(key) ?? false) : undefined}
                      tabindex={at() === current() ? 0 : -1}
                      classList={{ linked: props.href !== undefined, selected: props.selected?.has(key) ?? false }}
                      onFocusIn={() => {
                        setCurrent(at());
                        standsOn = key;
                      }}
                      onFocusOut={(event) => {
                        if (event.relatedTarget !== null) standsOn = undefined;
                      }}
                      onClick={(event) => {
                        const inner = (event.target as Element).closest("a, button, input, label");
                        if (!inner && getSelection()?.isCollapsed !== false) open(at());
                      }}
                    >
                      <Show when={props.onSelect}>
                        <td class="check">
                          <input
                            type="checkbox"
                            tabindex={at() === current() ? 0 : -1}
                            aria-label={`Select row ${at() + 1}`}
                            checked={props.selected?.has(key) ?? false}
                            onChange={() => toggle(at())}
                          />
                        </td>
                      </Show>
                      <For each={columns()}>
                        {(column, place) => (
                          <td class={klass(column)}>
                            <div class="cell">
                              <Show
                                when={place() === 0 ? props.href : undefined}
                                fallback={column.cell ? column.cell(row) : String(column.value(row) ?? "–")}
                              >
                                {(href) => (
                                  <A href={href()(row)} tabindex={at() === current() ? 0 : -1}>
                                    {column.cell ? column.cell(row) : String(column.value(row) ?? "–")}
                                  </A>
                                )}
                              </Show>
                            </div>
                          </td>
                        )}
                      </For>
                    </tr>
                  );
                }}
              </For>
              <Spacer height={(rows().length - to()) * rowHeight()} />
            </tbody>
          </table>
        </div>
      </Show>
    </div>
  );
}

/** Stands for the rows that are not drawn; always there, for Chromium keeps an old height when it comes and goes. One cell: a span
 * over columns that have left would bring their room back. */
function Spacer(props: { height: number }) {
  return (
    <tr aria-hidden="true" class="spacer">
      <td style={{ height: `${props.height}px` }} />
    </tr>
  );
}
