// What the signed-in person may do where: the same reading of grants as the plane's, so that no dead button is shown.
// The plane decides; this only chooses what to offer and says why something is not.
import type { Role, RoleGrant } from "../api/types";
import { session } from "./session";

const RANK: Record<Role, number> = { viewer: 0, auditor: 1, operator: 2, admin: 3 };
export const ROLES: readonly Role[] = ["viewer", "auditor", "operator", "admin"];

export const ROLE_WORDS: Record<Role, string> = {
  viewer: "reads",
  auditor: "reads, reports and the audit trail",
  operator: "decides on waivers, rescans",
  admin: "everything, settings included",
};

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

/** Whether the signed-in person holds the role over all of these clusters and namespaces; none named = all of them. */
export function mayOver(role: Role, clusters: readonly string[], namespaces: readonly string[] = []): boolean {
  return session()?.grants.some((grant) => grantCovers(grant, role, clusters, namespaces)) ?? false;
}

/** A grant in words: "operator of prod-*, namespaces shop and web". */
export function grantWords(grant: RoleGrant): string {
  const where = grant.clusters.length ? grant.clusters.join(", ") : "all clusters";
  const within = grant.namespaces.length ? `, namespaces ${grant.namespaces.join(", ")}` : "";
  return `${grant.role} of ${where}${within}`;
}

/** What to say instead of a button that needs more than the person has. */
export function lacks(role: Role): string {
  const mine = session()?.role ?? "viewer";
  return RANK[mine] >= RANK[role] ? `Your role ${role} does not reach over this.` : `This needs the role ${role}; yours is ${mine}.`;
}
