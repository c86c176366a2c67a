// Thirty days as a picture: the score as a line, open findings as bars below. The table twin is one press away.
import { createMemo, createSignal, For, Show } from "solid-js";
import type { TrendPoint } from "../api/types";
import { number, shortNumber } from "./Badge";
import { DataTable, type Column } from "./DataTable";
import { Icon } from "./Icon";
import { isDot, padded, trendWords } from "./trend";
import "./trend.css";

const W = 600;
const H = 150;
const BARS = 50;

const COLUMNS: readonly Column<TrendPoint>[] = [
  { id: "day", title: "Day", value: (row) => row.day },
  { id: "score", title: "Score", value: (row) => row.score, cell: (row) => (row.score === null ? "not known" : Math.round(row.score)), width: "7rem", end: true },
  { id: "open", title: "Open findings", value: (row) => row.open, cell: (row) => number(row.open), width: "9rem", end: true },
];

export function TrendFigure(props: { title: string; trend: readonly TrendPoint[] }) {
  const [asTable, setAsTable] = createSignal(false);
  const days = createMemo(() => padded(props.trend));
  const step = () => W / Math.max(1, days().length);
  const x = (index: number) => (index + 0.5) * step();
  const y = (score: number) => 6 + (1 - score / 100) * (H - 12);
  const most = () => Math.max(1, ...props.trend.map((point) => point.open));
  const line = createMemo(() => {
    const lines: string[] = [];
    let points: string[] = [];
    const close = () => {
      // A day alone is a dot: a line of no length with round ends.
      if (points.length > 0) lines.push(`M${points.join("L")}${points.length === 1 ? "l0.01 0" : ""}`);
      points = [];
    };
    days().forEach((point, index) => {
      if (point.score === null) close();
      else points.push(`${x(index).toFixed(1)} ${y(point.score).toFixed(1)}`);
    });
    close();
    return { lines: lines.filter((one) => !isDot(one)).join(""), dots: lines.filter(isDot).join("") };
  });
  return (
    <section class="card" aria-label={props.title}>
      <div class="card-head">
        <h2>{props.title}</h2>
        <button type="button" class="button quiet small" aria-pressed={asTable()} onClick={() => setAsTable(!asTable())}>
          <Icon name="table" />
          Table
        </button>
      </div>
      <Show
        when={!asTable()}
        fallback={<DataTable caption={props.title} columns={COLUMNS} rows={[...props.trend].reverse()} rowKey={(row) => row.day} />}
      >
        <Show when={props.trend.some((point) => point.score !== null || point.open > 0)} fallback={<p class="trend-none muted">No score is known of these days.</p>}>
          <figure class="trend">
            <div class="trend-plot">
              <div class="trend-axis small faint" aria-hidden="true">
                <span>100</span>
                <span>50</span>
                <span>0</span>
              </div>
              <svg viewBox={`0 0 ${W} ${H}`} preserveAspectRatio="none" role="img" aria-label={trendWords(props.trend)}>
                <For each={[0, 50, 100]}>{(score) => <line class="trend-grid" x1="0" x2={W} y1={y(score)} y2={y(score)} />}</For>
                <path class="trend-line" d={line().lines} />
                <path class="trend-line dots" d={line().dots} />
                <For each={days()}>
                  {(point, index) => (
                    <rect class="trend-hit" x={index() * step()} y="0" width={step()} height={H}>
                      <title>{`${point.day}: ${point.score === null ? "score not known" : `score ${Math.round(point.score)}`}, ${number(point.open)} open`}</title>
                    </rect>
                  )}
                </For>
              </svg>
            </div>
            <div class="trend-plot of-bars">
              <div class="trend-axis small faint" aria-hidden="true">
                <span>{shortNumber(most())}</span>
                <span>0</span>
              </div>
              <svg viewBox={`0 0 ${W} ${BARS}`} preserveAspectRatio="none" aria-hidden="true">
                <For each={days()}>
                  {(point, index) => (
                    <rect class="trend-bar" x={index() * step() + 1} y={BARS - (point.open / most()) * BARS} width={Math.max(1, step() - 3)} height={(point.open / most()) * BARS} />
                  )}
                </For>
              </svg>
            </div>
            <figcaption class="trend-days small faint">
              <span>{days()[0]?.day}</span>
              <span class="trend-legend">
                <span class="trend-key of-score">Score</span>
                <span class="trend-key of-open">Open findings</span>
              </span>
              <span>{props.trend.at(-1)?.day}</span>
            </figcaption>
          </figure>
        </Show>
      </Show>
    </section>
  );
}
