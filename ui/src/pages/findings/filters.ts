// What findings are filtered by, as the address holds it.
import { useSearchParams } from "@solidjs/router";
import { withParams } from "../../api/client";
import { now } from "../../parts/When";

export const MANY = ["severity", "state", "control", "rule", "cluster", "namespace", "kind"] as const;
export const ONE = ["name", "fixable", "q", "since"] as const;
export type Dimension = (typeof MANY)[number] | (typeof ONE)[number];
export const GROUPINGS = ["cause", "rule", "cluster", "namespace", "control"] as const;
export type Grouping = (typeof GROUPINGS)[number];
export const SORTS = ["severity", "newest", "oldest", "subject"] as const;
export type SortName = (typeof SORTS)[number];

const DAYS: Record<string, number> = { "1d": 1, "7d": 7, "30d": 30, "90d": 90 };

type Search = Record<string, string | string[] | undefined>;

function list(value: string | string[] | undefined): string[] {
  return value === undefined ? [] : Array.isArray(value) ? value : [value];
}

/** `7d` as the instant that it means today, at the minute so that answers can be remembered. */
export function sinceInstant(since: string, from: number): string {
  const days = DAYS[since];
  if (days === undefined) return since;
  return new Date(Math.floor(from / 3_600_000) * 3_600_000 - days * 86_400_000).toISOString();
}

/** The same filters as parameters of the API. */
export function apiParams(search: Search, except?: Dimension): Record<string, string[]> {
  const params: Record<string, string[]> = {};
  for (const key of [...MANY, ...ONE]) {
    const values = list(search[key]).filter((value) => value !== "");
    if (values.length === 0 || key === except) continue;
    params[key] = key === "since" ? values.slice(0, 1).map((value) => sinceInstant(value, now())) : values;
  }
  return params;
}

export function useFilters() {
  const [search, setSearch] = useSearchParams();
  const values = (key: Dimension): string[] => list(search[key]);
  const change = (changes: Record<string, string | readonly string[] | undefined>, replace = false) => {
    // An empty list would leave `key=` behind.
    const clean = Object.fromEntries(Object.entries(changes).map(([key, value]) => [key, value && value.length > 0 ? value : undefined]));
    setSearch(clean as Search, { replace, scroll: false });
  };
  return {
    values,
    set: (key: Dimension, next: readonly string[], replace = false) => change({ [key]: next }, replace),
    change,
    clear: () => change(Object.fromEntries([...MANY, ...ONE].map((key) => [key, undefined]))),
    active: () => [...MANY, ...ONE].filter((key) => values(key).length > 0).length,
    grouping: (): Grouping | null => GROUPINGS.find((one) => one === search["by"]) ?? null,
    sort: (): SortName => SORTS.find((one) => one === search["sort"]) ?? "severity",
    params: (except?: Dimension) => apiParams(search as Search, except),
    path: (base: string, more: Record<string, string> = {}, except?: Dimension) => withParams(base, { ...apiParams(search as Search, except), ...more }),
  };
}

export type Filters = ReturnType<typeof useFilters>;
