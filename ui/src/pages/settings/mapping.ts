// The mapping of groups to roles as it is edited, and back.
import type { Role, RoleMapping } from "../../api/types";
import { words } from "../../parts/words";

/** What is typed: lists stay text until they are sent. */
export interface EditedGrant {
  role: Role;
  clusters: string;
  namespaces: string;
}
export interface EditedGroup {
  group: string;
  grants: EditedGrant[];
}

export function edited(groups: RoleMapping["groups"]): EditedGroup[] {
  return groups.map(({ group, grants }) => ({ group, grants: grants.map((grant) => ({ role: grant.role, clusters: grant.clusters.join(", "), namespaces: grant.namespaces.join(", ") })) }));
}

export function typed(groups: readonly EditedGroup[]): RoleMapping["groups"] {
  return groups.map(({ group, grants }) => ({ group: group.trim(), grants: grants.map((grant) => ({ role: grant.role, clusters: words(grant.clusters), namespaces: words(grant.namespaces) })) }));
}
