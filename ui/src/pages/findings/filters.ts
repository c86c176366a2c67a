// What findings are filtered by, as the address holds it.
import { pathOf } from "../../api/client";

export const MANY = ["severity", "state", "control", "rule", "cluster", "namespace", "kind"] as const;
export const ONE = ["name", "fixable", "q", "since"] as const;
export type Dimension = (typeof MANY)[number] | (typeof ONE)[number];
export const GROUPINGS = ["cause", "rule", "cluster", "namespace", "control"] as const;
export type Grouping = (typeof GROUPINGS)[number];
export const SORTS = ["severity", "newest", "oldest", "subject"] as const;
export type SortName = (typeof SORTS)[number];

const DAYS: Record<string, number> = { "1d": 1, "7d": 7, "30d": 30, "90d": 90 };

export type Search = Record<string, string | string[] | undefined>;

export function list(value: string | string[] | undefined): string[] {
  return value === undefined ? [] : Array.isArray(value) ? value : [value];
}

/** `7d` as the instant that it means today, at the minute so that answers can be remembered. */
export function sinceInstant(since: string, from: number): string {
  const days = DAYS[since];
  if (days === undefined) return since;
  return new Date(Math.floor(from / 3_600_000) * 3_600_000 - days * 86_400_000).toISOString();
}

/** The same filters as parameters of the API. */
export function apiParams(search: Search, now: number, except?: Dimension): Record<string, string[]> {
  const params: Record<string, string[]> = {};
  for (const key of [...MANY, ...ONE]) {
    const values = list(search[key]).filter((value) => value !== "");
    if (values.length === 0 || key === except) continue;
    params[key] = key === "since" ? values.slice(0, 1).map((value) => sinceInstant(value, now)) : values;
  }
  return params;
}

/** As the filter takes a namespace: `-` stands for what belongs to a cluster as a whole. */
export function namespaceValue(namespace: string): string {
  return namespace === "" ? "-" : namespace;
}

/** The address of the object that a group by root cause names: its key is `CLUSTER/KIND/NAMESPACE/NAME`, and only names hold slashes. */
export function causeHref(key: string): string | null {
  const [cluster, kind, namespace, ...name] = key.split("/");
  if (!cluster || !kind || !namespace || name.length === 0) return null;
  return `/workloads${pathOf(cluster, kind, namespace, name.join("/"))}`;
}
