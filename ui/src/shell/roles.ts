// What the signed-in person may do where: the same reading of grants as the plane's, so that no dead button is shown.
// The plane decides; this only chooses what to offer and says why something is not.
import type { Role, RoleGrant } from "../api/types";
import { grantCovers, RANK } from "./grants";
import { session } from "./session";

export const ROLES: readonly Role[] = ["viewer", "auditor", "operator", "admin"];

export const ROLE_WORDS: Record<Role, string> = {
  viewer: "reads",
  auditor: "reads, reports and the audit trail",
  operator: "decides on waivers, rescans",
  admin: "everything, settings included",
};

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
