// The filters of the present address, read and written.
import { useSearchParams } from "@solidjs/router";
import { withParams } from "../../api/client";
import { now } from "../../parts/When";
import { apiParams, GROUPINGS, list, MANY, ONE, SORTS, type Dimension, type Grouping, type Search, type SortName } from "./filters";

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
    params: (except?: Dimension) => apiParams(search as Search, now(), except),
    path: (base: string, more: Record<string, string> = {}, except?: Dimension) => withParams(base, { ...apiParams(search as Search, now(), except), ...more }),
  };
}

export type Filters = ReturnType<typeof useFilters>;
