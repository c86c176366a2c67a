// The addresses of things, in one place.
import { useParams } from "@solidjs/router";
import { pathOf, withParams, type Params } from "../api/client";
import type { FindingBrief, Subject } from "../api/types";

export function clusterHref(name: string): string {
  return `/clusters${pathOf(name)}`;
}

export function controlHref(id: string): string {
  return `/compliance${pathOf(id)}`;
}

export function findingHref(finding: Pick<FindingBrief, "cluster" | "fingerprint">): string {
  return `/findings${pathOf(finding.cluster, finding.fingerprint)}`;
}

export function findingsHref(params: Params): string {
  return withParams("/findings", params);
}

export function ruleHref(id: string): string {
  return `/rules/${id.split("/").map(encodeURIComponent).join("/")}`;
}

/** `-` stands for no namespace, as in the API. */
export function workloadPath(cluster: string, subject: Subject): string {
  return `/workloads${pathOf(cluster, subject.kind, subject.namespace === "" ? "-" : subject.namespace, subject.name)}`;
}

/** The names in the address as they are: the router leaves them percent-encoded. */
export function useNames<T extends Record<string, string>>(): T {
  const params = useParams<T>();
  return new Proxy(params, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key);
      if (typeof value !== "string") return value;
      try {
        return decodeURIComponent(value);
      } catch {
        return value;
      }
    },
  });
}
