// The checklist: layers by phases, each control with verdict, score, counts and its last thirty days. Its table twin holds the same.
import { A } from "@solidjs/router";
import { createSignal, For, Show } from "solid-js";
import type { Overview, TrendPoint } from "../../api/types";
import { countsWords, CountsStrip, total, VerdictBadge, verdictWords } from "../../parts/Badge";
import { DataTable, type Column } from "../../parts/DataTable";
import { Icon } from "../../parts/Icon";
import { percent, ScoreBar, Sparkline } from "../../parts/Score";
import { controlHref } from "../links";
import "./matrix.css";

type Control = Overview["controls"][number];

const LAYERS = [
  { id: "application", title: "Application" },
  { id: "cluster", title: "Cluster" },
  { id: "infrastructure", title: "Infrastructure" },
] as const;
const PHASES = [
  { id: "build", title: "Build" },
  { id: "operate", title: "Operate" },
] as const;

/** How far the score moved over the days shown. */
export function moved(trend: readonly TrendPoint[]): number | null {
  const known = trend.filter((point) => point.score !== null);
  const first = known[0]?.score;
  const last = known.at(-1)?.score;
  if (known.length < 2 || first === null || first === undefined || last === null || last === undefined) return null;
  return Math.round(last - first);
}

function movedWords(trend: readonly TrendPoint[]): string {
  const by = moved(trend);
  if (by === null) return "";
  return by > 0 ? `+${by}` : by < 0 ? `−${-by}` : "±0";
}

export function Matrix(props: { controls: readonly Control[] }) {
  const [asTable, setAsTable] = createSignal(false);
  return (
    <section class="card" aria-labelledby="matrix">
      <div class="card-head">
        <h2 id="matrix">The fifteen controls</h2>
        <button type="button" class="button quiet small" aria-pressed={asTable()} onClick={() => setAsTable(!asTable())}>
          <Icon name="table" />
          Table
        </button>
      </div>
      <Show when={!asTable()} fallback={<MatrixTable controls={props.controls} />}>
        <div class="matrix">
          <div class="matrix-phases" aria-hidden="true">
            <span />
            <For each={PHASES}>{(phase) => <span class="label-caps">{phase.title}</span>}</For>
          </div>
          <For each={LAYERS}>
            {(layer) => (
              <section class="matrix-layer" aria-label={`${layer.title} layer`}>
                <h3 class="label-caps">{layer.title}</h3>
                <For each={PHASES}>
                  {(phase) => (
                    <div class="matrix-cell">
                      <h4 class="label-caps matrix-phase">{phase.title}</h4>
                      <ul>
                        <For each={props.controls.filter((one) => one.layer === layer.id && one.phase === phase.id)}>
                          {(control) => <ControlRow control={control} />}
                        </For>
                      </ul>
                    </div>
                  )}
                </For>
              </section>
            )}
          </For>
        </div>
      </Show>
    </section>
  );
}

function ControlRow(props: { control: Control }) {
  const open = () => total(props.control.counts);
  return (
    <li class="control" data-verdict={props.control.verdict}>
      <span class="control-verdict">
        <VerdictBadge verdict={props.control.verdict} short />
      </span>
      <span class="control-words">
        <A href={controlHref(props.control.id)} class="control-title">
          {props.control.title}
        </A>
        <Show
          when={open() > 0}
          fallback={
            <span class="small faint">
              {props.control.verdict === "unknown" ? (props.control.examined === 0 ? "Not seen yet" : `${percent(props.control.coverage)} seen`) : "No findings"}
            </span>
          }
        >
          <CountsStrip counts={props.control.counts} most={3} />
        </Show>
      </span>
      <span class="control-trend">
        <Show when={props.control.trend.some((point) => point.score !== null)}>
          <Sparkline trend={props.control.trend} />
        </Show>
      </span>
      <span class="control-moved small" data-way={Math.sign(moved(props.control.trend) ?? 0)} title="Change of the score in the days shown">
        {movedWords(props.control.trend)}
      </span>
      <span class="control-score">
        <Show when={props.control.score !== null} fallback={<span class="unknown-score">unknown</span>}>
          <ScoreBar score={props.control.score} />
        </Show>
      </span>
    </li>
  );
}

const COLUMNS: readonly Column<Control>[] = [
  { id: "title", title: "Control", value: (row) => row.title },
  { id: "verdict", title: "Verdict", value: (row) => verdictWords(row.verdict), cell: (row) => <VerdictBadge verdict={row.verdict} />, width: "7.5rem" },
  { id: "score", title: "Score", value: (row) => row.score, width: "5rem", end: true },
  { id: "moved", title: "30 days", value: (row) => moved(row.trend), cell: (row) => movedWords(row.trend) || "–", width: "6rem", end: true, priority: 2 },
  { id: "coverage", title: "Seen", value: (row) => row.coverage, cell: (row) => percent(row.coverage), width: "5rem", end: true, priority: 2 },
  { id: "open", title: "Findings", value: (row) => total(row.counts), cell: (row) => <CountsStrip counts={row.counts} />, width: "14rem", priority: 2 },
  { id: "words", title: "By severity", value: (row) => countsWords(row.counts), priority: 5 },
  { id: "clusters", title: "Clusters pass / fail / unknown", value: (row) => `${row.clusters.pass} / ${row.clusters.fail} / ${row.clusters.unknown}`, width: "13rem", priority: 3 },
  { id: "layer", title: "Layer", value: (row) => row.layer, width: "8rem", priority: 3 },
  { id: "phase", title: "Phase", value: (row) => row.phase, width: "6rem", priority: 3 },
];

function MatrixTable(props: { controls: readonly Control[] }) {
  return <DataTable caption="Controls" columns={COLUMNS} rows={props.controls} rowKey={(row) => row.id} href={(row) => controlHref(row.id)} />;
}
