// Clusters by controls. Each cell has a mark and a number beside its colour; arrow keys walk over cells, Enter opens one.
import { A } from "@solidjs/router";
import { createMemo, createSignal, For, onCleanup, onMount } from "solid-js";
import type { Compliance, ControlState } from "../../api/types";
import { countsWords, verdictWords } from "../../parts/Badge";
import { percent, scoreTone, scoreWords } from "../../parts/Score";
import { clusterHref, controlHref } from "../links";
import { cellHref } from "./Compliance";

type Row = Compliance["clusters"][number];

const MARKS = { pass: "✓", fail: "✕", unknown: "?" } as const;
const DRAW_ALL = 60;
const SPARE = 8;

export function HeatMap(props: { controls: Compliance["controls"]; clusters: readonly Row[] }) {
  let scroller: HTMLDivElement | undefined;
  let body: HTMLTableSectionElement | undefined;
  const [at, setAt] = createSignal<[number, number]>([0, 0]);
  const [top, setTop] = createSignal(0);
  const [room, setRoom] = createSignal(900);
  const [rowHeight, setRowHeight] = createSignal(32);
  const few = () => props.clusters.length <= DRAW_ALL;
  const from = createMemo(() => (few() ? 0 : Math.max(0, Math.floor(top() / rowHeight()) - SPARE)));
  const to = createMemo(() => (few() ? props.clusters.length : Math.min(props.clusters.length, Math.ceil((top() + room()) / rowHeight()) + SPARE)));
  const drawn = createMemo(() => props.clusters.slice(from(), to()));

  onMount(() => {
    const watcher = new ResizeObserver(() => {
      setRoom(scroller?.clientHeight ?? 900);
      setRowHeight(body?.querySelector("tr[data-row]")?.getBoundingClientRect().height || 32);
    });
    if (scroller) watcher.observe(scroller);
    onCleanup(() => watcher.disconnect());
  });

  const walk = (event: KeyboardEvent) => {
    const [row, column] = at();
    const step: Record<string, [number, number]> = {
      ArrowRight: [row, column + 1],
      ArrowLeft: [row, column - 1],
      ArrowDown: [row + 1, column],
      ArrowUp: [row - 1, column],
      Home: [row, 0],
      End: [row, props.controls.length - 1],
    };
    const wanted = step[event.key];
    if (!wanted || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const next: [number, number] = [Math.min(Math.max(wanted[0], 0), props.clusters.length - 1), Math.min(Math.max(wanted[1], 0), props.controls.length - 1)];
    setAt(next);
    if (scroller && (next[0] < from() || next[0] >= to())) {
      scroller.scrollTop = next[0] * rowHeight();
      setTop(scroller.scrollTop);
    }
    queueMicrotask(() => body?.querySelector<HTMLElement>(`[data-cell="${next[0]}-${next[1]}"]`)?.focus());
  };

  return (
    <>
      <div ref={scroller} class="heat" onScroll={(event) => setTop(event.currentTarget.scrollTop)}>
        <table aria-rowcount={props.clusters.length + 1}>
          <caption class="visually-hidden">Clusters by controls: verdict and score</caption>
          <thead>
            <tr>
              <th scope="col" class="heat-name">
                Cluster
              </th>
              <For each={props.controls}>
                {(control) => (
                  <th scope="col" class="heat-control">
                    <A href={controlHref(control.id)}>
                      <span>{control.title}</span>
                    </A>
                  </th>
                )}
              </For>
            </tr>
          </thead>
          <tbody ref={body} onKeyDown={walk}>
            <Gap height={from() * rowHeight()} />
            <For each={drawn()}>
              {(cluster, index) => {
                const row = () => from() + index();
                return (
                  <tr data-row aria-rowindex={row() + 2}>
                    <th scope="row" class="heat-name">
                      <A href={clusterHref(cluster.name)} title={cluster.name}>
                        {cluster.name}
                      </A>
                    </th>
                    <For each={props.controls}>
                      {(control, column) => (
                        <HeatCell
                          cluster={cluster.name}
                          control={control}
                          state={cluster.cells[column()] ?? null}
                          place={`${row()}-${column()}`}
                          current={at()[0] === row() && at()[1] === column()}
                          took={() => setAt([row(), column()])}
                        />
                      )}
                    </For>
                  </tr>
                );
              }}
            </For>
            <Gap height={(props.clusters.length - to()) * rowHeight()} />
          </tbody>
        </table>
      </div>
      <p class="heat-legend small muted" aria-hidden="true">
        <span class="heat-key" data-verdict="pass">
          ✓ passes
        </span>
        <span class="heat-key" data-verdict="fail" data-tone="fair">
          ✕ 72 fails, with its score
        </span>
        <span class="heat-key" data-verdict="fail" data-tone="poor">
          ✕ 31 fails badly
        </span>
        <span class="heat-key" data-verdict="unknown">
          ? not known
        </span>
      </p>
    </>
  );
}

function HeatCell(props: {
  cluster: string;
  control: { id: string; title: string };
  state: ControlState | null;
  place: string;
  current: boolean;
  took: () => void;
}) {
  const verdict = () => props.state?.verdict ?? "unknown";
  const score = () => props.state?.score ?? null;
  const words = () => {
    const state = props.state;
    const known = state ? `${scoreWords(state.score)}, ${percent(state.coverage)} seen. ${countsWords(state.counts)}` : "never evaluated";
    return `${props.control.title} in ${props.cluster}: ${verdictWords(verdict())}, ${known}`;
  };
  return (
    <td>
      <A
        href={cellHref(props.cluster, props.control.id, props.state)}
        class="heat-cell"
        data-cell={props.place}
        data-verdict={verdict()}
        data-tone={scoreTone(score())}
        tabindex={props.current ? 0 : -1}
        title={words()}
        aria-label={words()}
        onFocus={() => props.took()}
      >
        <span class="heat-mark">{MARKS[verdict()]}</span>
        {score() === null ? "" : Math.round(score() ?? 0)}
      </A>
    </td>
  );
}

function Gap(props: { height: number }) {
  return (
    <tr aria-hidden="true">
      <td class="heat-gap" colSpan={1} style={{ height: `${props.height}px` }} />
    </tr>
  );
}
