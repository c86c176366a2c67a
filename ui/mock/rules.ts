// The rules as their pages in docs/rules tell them.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Severity } from "../src/api/types";

export interface MockRule {
  id: string;
  control: string;
  severity: Severity;
  title: string;
  why: string;
  fix: string;
  kinds: string[];
  mapsTo: { standard: string; id: string }[];
  bad: string | null;
}

export const CONTROLS = [
  ["image_scanning", "Image scanning", "application", "build"],
  ["image_provenance", "Image provenance", "application", "operate"],
  ["secrets", "Secrets", "application", "operate"],
  ["namespaces", "Namespaces", "application", "operate"],
  ["network_policy", "Network policy", "application", "operate"],
  ["rbac", "RBAC", "cluster", "build"],
  ["audit", "Audit", "cluster", "build"],
  ["certificates", "Certificates", "cluster", "build"],
  ["pod_security", "Pod security", "cluster", "build"],
  ["identity", "Identity", "cluster", "operate"],
  ["upgrades", "Upgrades", "cluster", "operate"],
  ["cis_kubernetes", "CIS Kubernetes", "cluster", "operate"],
  ["minimal_os", "Minimal OS", "infrastructure", "build"],
  ["os_hardening", "OS hardening", "infrastructure", "build"],
  ["cis_docker", "CIS Docker", "infrastructure", "operate"],
] as const;

/** Controls that need nodes or images, which no agent of the mock reports. */
export const UNSEEN = new Set(["image_scanning", "cis_kubernetes", "minimal_os", "os_hardening", "cis_docker"]);

function section(text: string, name: string): string {
  const start = text.indexOf(`\n## ${name}\n`);
  if (start < 0) return "";
  const from = start + name.length + 5;
  const end = text.indexOf("\n## ", from);
  return text.slice(from, end < 0 ? undefined : end).trim();
}

function cell(text: string, name: string): string {
  const line = text.split("\n").find((one) => one.startsWith(`| ${name} |`));
  return line?.split("|")[2]?.trim() ?? "";
}

function decode(text: string): string {
  return text.replaceAll("&amp;", "&").replaceAll("&lt;", "<").replaceAll("&gt;", ">");
}

const STANDARDS = ["CIS Kubernetes", "CIS Docker", "NSA/CISA", "MITRE ATT&CK", "Pod Security Standards", "NIST SP 800-190", "PCI DSS"];

export function readRules(folder: string): MockRule[] {
  const rules: MockRule[] = [];
  for (const group of readdirSync(folder, { withFileTypes: true })) {
    if (!group.isDirectory()) continue;
    for (const file of readdirSync(join(folder, group.name))) {
      const text = readFileSync(join(folder, group.name, file), "utf8");
      const id = cell(text, "Rule").replaceAll("`", "");
      const severity = cell(text, "Severity") as Severity;
      if (!id || !["critical", "high", "medium", "low", "info"].includes(severity)) continue;
      const title = cell(text, "Control").split(",")[0] ?? "";
      const control = CONTROLS.find((one) => one[1] === title)?.[0] ?? "namespaces";
      const kinds = [...cell(text, "Reads").matchAll(/`[^`/]*\/?([A-Z][A-Za-z]+)`/g)].map((match) => match[1] ?? "");
      const mapsTo = decode(cell(text, "See"))
        .split(", ")
        .filter((one) => one !== "")
        .map((one) => {
          const standard = STANDARDS.find((name) => one.startsWith(name)) ?? one.split(" ")[0] ?? one;
          return { standard, id: one.slice(standard.length).trim() };
        });
      rules.push({
        id,
        control,
        severity,
        title: decode(text.split("\n")[0]?.replace(/^# /, "") ?? id),
        why: section(text, "Why"),
        fix: section(text, "Fix"),
        kinds,
        mapsTo,
        bad: /```yaml\n([\s\S]*?)```/.exec(section(text, "Found in"))?.[1] ?? null,
      });
    }
  }
  return rules.sort((a, b) => (a.id < b.id ? -1 : 1));
}
