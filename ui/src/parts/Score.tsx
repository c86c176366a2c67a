// Scores as pictures: a ring for one, a line for thirty days. The words say the same.
import { Show } from "solid-js";
import type { TrendPoint } from "../api/types";
import "./score.css";

const AROUND = 100;

export function scoreWords(score: number | null): string {
  return score === null ? "no score" : `score ${Math.round(score)} of 100`;
}

export function percent(value: number): string {
  // 99.7 % is not "100 %": what is missing must show.
  if (value > 99 && value < 100) return ">99 %";
  if (value > 0 && value < 1) return "<1 %";
  return `${Math.round(value)} %`;
}

export function scoreTone(score: number | null): "good" | "fair" | "poor" | "none" {
  if (score === null) return "none";
  return score >= 85 ? "good" : score >= 60 ? "fair" : "poor";
}

/** The inner ring is the score; the outer one is how much of the fleet could be seen, the rest hatched. */
export function ScoreRing(props: { score: number | null; coverage: number; label?: string; size?: "large" | "small" }) {
  const words = () => `${props.label ? `${props.label}: ` : ""}${scoreWords(props.score)}, ${percent(props.coverage)} seen`;
  return (
    <span class="ring" classList={{ large: props.size === "large" }} data-tone={scoreTone(props.score)} role="img" aria-label={words()} title={words()}>
      <svg viewBox="0 0 44 44" aria-hidden="true">
        <circle class="ring-unseen" cx="22" cy="22" r="20.5" pathLength={AROUND} />
        <circle class="ring-seen" cx="22" cy="22" r="20.5" pathLength={AROUND} stroke-dasharray={`${props.coverage} ${AROUND}`} />
        <circle class="ring-track" cx="22" cy="22" r="16" pathLength={AROUND} />
        <Show when={props.score !== null}>
          <circle class="ring-score" cx="22" cy="22" r="16" pathLength={AROUND} stroke-dasharray={`${props.score ?? 0} ${AROUND}`} />
        </Show>
      </svg>
      <span class="ring-number" aria-hidden="true">
        {props.score === null ? "–" : Math.round(props.score)}
      </span>
    </span>
  );
}

/** A score written out with a bar below it. */
export function ScoreBar(props: { score: number | null }) {
  return (
    <span class="score-bar" data-tone={scoreTone(props.score)} title={scoreWords(props.score)}>
      <span class="score-number">{props.score === null ? "–" : Math.round(props.score)}</span>
      <svg viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
        <rect class="score-track" width="100" height="4" />
        <rect class="score-fill" width={props.score ?? 0} height="4" />
      </svg>
    </span>
  );
}

export function trendWords(trend: readonly TrendPoint[]): string {
  const known = trend.filter((point) => point.score !== null);
  const first = known[0];
  const last = known.at(-1);
  if (!first || !last) return "No score in the last days";
  return `Score from ${Math.round(first.score ?? 0)} on ${first.day} to ${Math.round(last.score ?? 0)} on ${last.day}`;
}

const W = 120;
const H = 28;

/** Points of the line; a day without a score breaks it. */
export function segments(trend: readonly TrendPoint[], width = W, height = H): string[] {
  const scores = trend.map((point) => point.score).filter((score): score is number => score !== null);
  if (scores.length === 0) return [];
  // At least ten points of score high, so that noise does not look like a cliff.
  const mid = (Math.min(...scores) + Math.max(...scores)) / 2;
  const half = Math.max(5, (Math.max(...scores) - Math.min(...scores)) / 2);
  const x = (index: number) => (trend.length < 2 ? width / 2 : 2 + (index / (trend.length - 1)) * (width - 4));
  const y = (score: number) => 3 + ((mid + half - score) / (2 * half)) * (height - 6);
  const lines: string[] = [];
  let line = "";
  trend.forEach((point, index) => {
    if (point.score === null) {
      if (line) lines.push(line);
      line = "";
    } else line += `${line ? "L" : "M"}${x(index).toFixed(1)} ${y(point.score).toFixed(1)}`;
  });
  if (line) lines.push(line);
  return lines;
}

export function Sparkline(props: { trend: readonly TrendPoint[] }) {
  return (
    <svg class="sparkline" viewBox={`0 0 ${W} ${H}`} preserveAspectRatio="none" role="img" aria-label={trendWords(props.trend)}>
      <title>{trendWords(props.trend)}</title>
      <path d={segments(props.trend).join("")} />
    </svg>
  );
}
