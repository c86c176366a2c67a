// Names of controls where an answer has only their ids. Ids that come later are made readable.
const TITLES: Record<string, string> = {
  image_scanning: "Image scanning",
  image_provenance: "Image provenance",
  secrets: "Secrets",
  namespaces: "Namespaces",
  network_policy: "Network policy",
  rbac: "RBAC",
  audit: "Audit",
  certificates: "Certificates",
  pod_security: "Pod security",
  identity: "Identity",
  upgrades: "Upgrades",
  cis_kubernetes: "CIS Kubernetes",
  minimal_os: "Minimal OS",
  os_hardening: "OS hardening",
  cis_docker: "CIS Docker",
};

export function controlTitle(id: string): string {
  const words = id.replaceAll("_", " ");
  return TITLES[id] ?? words.charAt(0).toUpperCase() + words.slice(1);
}

export const CONTROL_IDS: readonly string[] = Object.keys(TITLES);
