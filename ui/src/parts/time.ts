// Instants and days in words.

const words = new Intl.RelativeTimeFormat("en", { numeric: "auto", style: "short" });
const exact = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "long" });
const exactDay = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeZone: "UTC" });
const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 31_536_000],
  ["month", 2_592_000],
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
];

export function isDay(at: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(at);
}

/** "3 days ago", "in 2 hours", "just now"; days count as whole days. */
export function relative(at: string, from: number): string {
  if (isDay(at)) {
    const days = Math.round((Date.parse(at) - Date.parse(new Date(from).toISOString().slice(0, 10))) / 86_400_000);
    return Math.abs(days) < 60 ? words.format(days, "day") : words.format(Math.round(days / 30.4), "month");
  }
  const seconds = (Date.parse(at) - from) / 1000;
  if (Number.isNaN(seconds)) return at;
  for (const [unit, size] of STEPS) if (Math.abs(seconds) >= size) return words.format(Math.trunc(seconds / size), unit);
  return Math.abs(seconds) < 20 ? "just now" : words.format(Math.trunc(seconds), "second");
}

export function absolute(at: string): string {
  const instant = Date.parse(at);
  if (Number.isNaN(instant)) return at;
  return isDay(at) ? exactDay.format(instant) : exact.format(instant);
}
