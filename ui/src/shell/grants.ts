// What a grant reaches over: the same reading of globs as the plane's.
import type { Role, RoleGrant } from "../api/types";

export const RANK: Record<Role, number> = { viewer: 0, auditor: 1, operator: 2, admin: 3 };

/** A glob with `*` and `?`, as grants have them. */
export function matches(glob: string, name: string): boolean {
  const pattern = [...glob].map((char) => (char === "*" ? ".*" : char === "?" ? "." : char.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"))).join("");
  return new RegExp(`^${pattern}$`, "su").test(name);
}

function covers(globs: readonly string[], names: readonly string[]): boolean {
  if (globs.length === 0 || globs.includes("*")) return true;
  // No name at all means "all of them", which only a grant without limits covers.
  return names.length > 0 && names.every((name) => globs.some((glob) => glob === name || matches(glob, name)));
}

export function grantCovers(grant: RoleGrant, role: Role, clusters: readonly string[], namespaces: readonly string[] = []): boolean {
  return RANK[grant.role] >= RANK[role] && covers(grant.clusters, clusters) && covers(grant.namespaces, namespaces);
}
