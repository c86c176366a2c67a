// Scores and their days in words, and as the points of a line.
import type { TrendPoint } from "../api/types";

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

export function trendWords(trend: readonly TrendPoint[]): string {
  const known = trend.filter((point) => point.score !== null);
  const first = known[0];
  const last = known.at(-1);
  if (!first || !last) return "No score in the last days";
  return `Score from ${Math.round(first.score ?? 0)} on ${first.day} to ${Math.round(last.score ?? 0)} on ${last.day}`;
}

/** The days as thirty that end with the last: a fleet that is a day old has one point at the right, not a line across. */
export function padded(trend: readonly TrendPoint[], days = 30): readonly TrendPoint[] {
  const first = trend[0];
  if (!first || trend.length >= days) return trend;
  const before = Array.from({ length: days - trend.length }, (_, at): TrendPoint => {
    const day = new Date(Date.parse(first.day) - (days - trend.length - at) * 86_400_000).toISOString().slice(0, 10);
    return { day, score: null, open: 0 };
  });
  return [...before, ...trend];
}

/** A segment of one day. */
export function isDot(segment: string): boolean {
  return !segment.includes("L");
}

/** Points of the line; a day without a score breaks it. */
export function segments(trend: readonly TrendPoint[], width: number, height: number): string[] {
  const scores = trend.map((point) => point.score).filter((score): score is number => score !== null);
  if (scores.length === 0) return [];
  // At least ten points of score high, so that noise does not look like a cliff.
  const mid = (Math.min(...scores) + Math.max(...scores)) / 2;
  const half = Math.max(5, (Math.max(...scores) - Math.min(...scores)) / 2);
  const x = (index: number) => (trend.length < 2 ? width / 2 : 2 + (index / (trend.length - 1)) * (width - 4));
  const y = (score: number) => 3 + ((mid + half - score) / (2 * half)) * (height - 6);
  const lines: string[] = [];
  let line = "";
  const close = () => {
    // A day between days without a score is a dot: a line of no length with round ends.
    if (line) lines.push(line.includes("L") ? line : `${line}l0.01 0`);
    line = "";
  };
  trend.forEach((point, index) => {
    if (point.score === null) {
      close();
    } else line += `${line ? "L" : "M"}${x(index).toFixed(1)} ${y(point.score).toFixed(1)}`;
  });
  close();
  return lines;
}
