// Numbers and counts in words.
import type { Counts, Severity } from "../api/types";

export const SEVERITIES: readonly Severity[] = ["critical", "high", "medium", "low", "info"];

export function total(counts: Counts): number {
  return counts.critical + counts.high + counts.medium + counts.low + counts.info;
}

export function countsWords(counts: Counts): string {
  const parts = SEVERITIES.filter((one) => counts[one] > 0).map((one) => `${number(counts[one])} ${one}`);
  return parts.length === 0 ? "No findings" : parts.join(", ");
}

const plain = new Intl.NumberFormat("en");
const compact = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });
export function number(value: number): string {
  return plain.format(value);
}
/** 1,234 as 1.2K, for narrow places. */
export function shortNumber(value: number): string {
  return value < 1000 ? plain.format(value) : compact.format(value);
}
