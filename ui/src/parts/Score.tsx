// Scores as pictures: a ring for one, a line for thirty days. The words say the same.
import { Show } from "solid-js";
import type { TrendPoint } from "../api/types";
import { isDot, padded, percent, scoreTone, scoreWords, segments, trendWords } from "./trend";
import "./score.css";

export { percent, scoreTone, scoreWords, trendWords } from "./trend";

const AROUND = 100;

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
        {props.score === null ? "?" : Math.round(props.score)}
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

const W = 120;
const H = 28;

export function Sparkline(props: { trend: readonly TrendPoint[] }) {
  const lines = () => segments(padded(props.trend), W, H);
  return (
    <svg class="sparkline" viewBox={`0 0 ${W} ${H}`} preserveAspectRatio="none" role="img" aria-label={trendWords(props.trend)}>
      <title>{trendWords(props.trend)}</title>
      <path d={lines().filter((line) => !isDot(line)).join("")} />
      <path class="dots" d={lines().filter(isDot).join("")} />
    </svg>
  );
}
