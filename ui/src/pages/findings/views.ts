// Saved views: names for addresses. Some are given, others are kept in this browser; each is a link that can be sent.
import { createSignal } from "solid-js";

export interface View {
  name: string;
  /** The part of the address behind the `?`. */
  query: string;
}

export const GIVEN: readonly View[] = [
  { name: "Critical and high", query: "severity=critical&severity=high" },
  { name: "New this week", query: "since=7d&sort=newest" },
  { name: "Has a fix, worst first", query: "fixable=true" },
  { name: "By root cause", query: "by=cause" },
  { name: "Waived", query: "state=waived" },
  { name: "Resolved lately", query: "state=resolved&sort=newest" },
];

const KEY = "rampart-views";

function stored(): View[] {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    if (!Array.isArray(value)) return [];
    return value.filter((one): one is View => typeof one?.name === "string" && typeof one?.query === "string");
  } catch {
    return [];
  }
}

const [views, set] = createSignal<readonly View[]>(stored());
export { views };

function keep(next: readonly View[]): void {
  set(next);
  try {
    localStorage.setItem(KEY, JSON.stringify(next));
  } catch {
    // Without storage a view lives as long as the page.
  }
}

export function saveView(view: View): void {
  keep([...views().filter((one) => one.name !== view.name), view]);
}

export function dropView(name: string): void {
  keep(views().filter((one) => one.name !== name));
}
