import type { IconName } from "../../parts/Icon";
import type { Role } from "../../api/types";

export interface Section {
  href: string;
  title: string;
  words: string;
  icon: IconName;
  needs: Role | null;
}

export const SECTIONS: readonly Section[] = [
  { href: "/settings/clusters", title: "Clusters and agents", words: "Let a cluster join, see its agents, approve or revoke them.", icon: "clusters", needs: "admin" },
  { href: "/settings/identity", title: "Identity provider", words: "Sign in with your organisation's accounts by OpenID Connect.", icon: "user", needs: "admin" },
  { href: "/settings/roles", title: "Roles", words: "Which groups may read, audit, decide and administer, and where.", icon: "lock", needs: "admin" },
  { href: "/settings/tokens", title: "API tokens", words: "For scripts and pipelines that act in your name, with less.", icon: "keyboard", needs: null },
  { href: "/settings/notifications", title: "Notifications", words: "Tell a webhook, a chat or a mailbox what is new.", icon: "alert", needs: "admin" },
];
