// Reports, frameworks and the audit trail of the mock plane.
import { createHash } from "node:crypto";
import type { Framework, FrameworkBrief, ReportFormat, Schedule, TrailEntry, Verdict } from "../src/api/types";
import { answer, file, page, Refusal, type Mock, type Routes } from "./plugin.ts";
import { Random, seedOf } from "./random.ts";
import { ago } from "./world.ts";

const FORMATS: ReportFormat[] = [
  { id: "pdf", title: "PDF for auditors", media: "application/pdf", perFramework: true },
  { id: "html", title: "Web page", media: "text/html; charset=utf-8", perFramework: true },
  { id: "oscal", title: "OSCAL assessment results", media: "application/json", perFramework: true },
  { id: "json", title: "Everything as JSON", media: "application/json", perFramework: false },
  { id: "csv", title: "Findings as a table", media: "text/csv", perFramework: true },
  { id: "markdown", title: "Markdown", media: "text/markdown", perFramework: false },
  { id: "sarif", title: "SARIF 2.1", media: "application/sarif+json", perFramework: false },
  { id: "junit", title: "JUnit", media: "application/xml", perFramework: false },
  { id: "policy-report", title: "PolicyReport objects", media: "application/yaml", perFramework: false },
];

const CATALOGUES: [string, string, string, string][] = [
  ["cis-kubernetes", "CIS Kubernetes Benchmark", "1.11", "CIS Kubernetes"],
  ["pod-security-standards", "Pod Security Standards", "1.34", "Pod Security Standards"],
  ["nsa-cisa", "NSA/CISA Kubernetes Hardening Guide", "1.2", "NSA/CISA"],
  ["nist-800-190", "NIST SP 800-190", "2017", "NIST SP 800-190"],
  ["pci-dss", "PCI DSS", "4.0.1", "PCI DSS"],
  ["mitre-attack", "MITRE ATT&CK for containers", "17", "MITRE ATT&CK"],
];

const own = new WeakMap<Mock, Framework[]>();
const schedules: Schedule[] = [
  { id: "s-1", format: "pdf", cluster: null, framework: "cis-kubernetes", cron: "weekly", route: "r-3", lastRun: ago(50 * 3_600_000), lastOutcome: "sent, 41 pages" },
  { id: "s-2", format: "csv", cluster: "bank-core", framework: null, cron: "daily", route: null, lastRun: null, lastOutcome: null },
];

function framework(mock: Mock, [id, title, version, standard]: (typeof CATALOGUES)[number], cluster: string | null): Framework {
  const random = new Random(seedOf(id + (cluster ?? "")));
  const byRequirement = new Map<string, Framework["items"][number]["rules"]>();
  for (const rule of mock.world.rules) {
    for (const one of rule.mapsTo) {
      if (one.standard !== standard) continue;
      const open = mock.state === "empty" ? 0 : (cluster ? (mock.world.byCluster.get(cluster) ?? []) : mock.world.findings).filter((found) => found.rule === rule.id && found.state === "open").length;
      const verdict: Verdict = open > 0 ? "fail" : random.chance(0.25) ? "unknown" : "pass";
      const rules = byRequirement.get(one.id) ?? [];
      rules.push({ id: rule.id, title: rule.title, open, verdict });
      byRequirement.set(one.id, rules);
    }
  }
  const items: Framework["items"] = [...byRequirement].map(([requirement, rules]) => ({
    id: requirement || "general",
    title: rules[0]?.title ?? requirement,
    verdict: rules.some((rule) => rule.verdict === "fail") ? "fail" : rules.some((rule) => rule.verdict === "unknown") ? "unknown" : "pass",
    rules,
    note: random.chance(0.1) ? "Only the part that shows in manifests: `kubelet` flags are seen by the node collector." : null,
  }));
  for (let at = 1; at <= 4; at += 1) items.push({ id: `P-${at}`, title: ["Access to the data centre is logged", "Staff are trained each year", "A tested plan for incidents exists", "Vendors are assessed"][at - 1] ?? "", verdict: "not_assessable", rules: [], note: "Organisational: no configuration shows it." });
  items.sort((a, b) => a.id.localeCompare(b.id, "en", { numeric: true }));
  return counted({ id, title, version, own: false, requirements: 0, pass: 0, fail: 0, unknown: 0, notAssessable: 0, items });
}

function counted(known: Framework): Framework {
  const count = (verdict: string) => known.items.filter((item) => item.verdict === verdict).length;
  return { ...known, requirements: known.items.length, pass: count("pass"), fail: count("fail"), unknown: count("unknown"), notAssessable: count("not_assessable") };
}

function brief({ items: _items, ...rest }: Framework): FrameworkBrief {
  return rest;
}

const ACTIONS: [string, string][] = [
  ["session.start", "sign-in"],
  ["waiver.request", "w-12"],
  ["waiver.approve", "w-4"],
  ["waiver.reject", "w-7"],
  ["token.create", "nightly export"],
  ["mapping.change", "version 7"],
  ["agent.revoke", "edge-lon"],
  ["join_token.create", "edge-fra"],
  ["route.change", "on-call"],
  ["report.download", "pdf"],
  ["cluster.delete", "sandbox"],
];
const trails = new WeakMap<Mock, TrailEntry[]>();

function trailOf(mock: Mock): TrailEntry[] {
  let list = trails.get(mock);
  if (list) return list;
  list = [];
  const random = new Random(77);
  let hash = "0".repeat(64);
  for (let seq = 1; seq <= 2400; seq += 1) {
    const [action, object] = random.pick(ACTIONS) as [string, string];
    const outcome = random.chance(0.06) ? "denied" : random.chance(0.03) ? "failed" : "allowed";
    hash = createHash("sha256").update(hash + seq).digest("hex");
    list.unshift({
      seq,
      at: ago((2400 - seq) * 1_700_000 + 60_000),
      actor: random.pick(["Mara Lindqvist", "Jonas Petri", "Ifeoma Adeyemi", "token nightly export", "agent bank-core", "rampart"]),
      action,
      object,
      outcome,
      detail: outcome === "denied" ? { needs: "admin", has: "viewer", address: "10.4.7.21" } : { address: "10.4.7.21" },
      hash,
    });
  }
  trails.set(mock, list);
  return list;
}

const holds = (text: string, wanted: string | null) => !wanted || text.toLowerCase().includes(wanted.toLowerCase());

export const reportRoutes: Routes = {
  "GET /reports/formats": () => ({ items: FORMATS, next: null }),
  "GET /reports/download": ({ query }) => file(`rampart-report.${query.get("format") ?? "txt"}`, "text/plain", "A report of the mock.\n"),
  "GET /reports/schedules": ({ mock }) => ({ items: mock.state === "empty" ? [] : schedules, next: null }),
  "POST /reports/schedules": ({ body }) => {
    const made = { ...(body as unknown as Schedule), id: `s-${schedules.length + 1}`, lastRun: null, lastOutcome: null };
    schedules.push(made);
    return answer(201, made);
  },
  "DELETE /reports/schedules/:id": ({ at }) => {
    const index = schedules.findIndex((one) => one.id === at["id"]);
    if (index < 0) throw new Refusal(404, "not_found", "There is no such schedule.");
    schedules.splice(index, 1);
  },
  "GET /frameworks": ({ mock }) => ({ items: [...CATALOGUES.map((one) => brief(framework(mock, one, null))), ...(own.get(mock) ?? []).map(brief)], next: null }),
  "POST /frameworks": ({ mock, text }) => {
    const field = (name: string) => new RegExp(`^${name}: *"?([^"\\n]+)`, "m").exec(text)?.[1]?.trim();
    const id = field("id");
    const title = field("title");
    if (!id || !title) throw new Refusal(422, "invalid", "line 1: `id` is missing; name the framework", "text");
    const items: Framework["items"] = [...text.matchAll(/^ *- id: *(.+)\n *title: *(.+)/gm)].map((found) => ({ id: found[1] ?? "", title: found[2] ?? "", verdict: "not_assessable", rules: [], note: null }));
    const known = counted({ id, title, version: field("version") ?? "1", own: true, requirements: 0, pass: 0, fail: 0, unknown: 0, notAssessable: 0, items });
    own.set(mock, [...(own.get(mock) ?? []).filter((one) => one.id !== id), known]);
    return answer(201, brief(known));
  },
  "DELETE /frameworks/:id": ({ mock, at }) => {
    own.set(mock, (own.get(mock) ?? []).filter((one) => one.id !== at["id"]));
  },
  "GET /frameworks/:id": ({ mock, at, query }) => {
    const known = CATALOGUES.find((one) => one[0] === at["id"]);
    const mine = own.get(mock)?.find((one) => one.id === at["id"]);
    if (!known && !mine) throw new Refusal(404, "not_found", `There is no framework \`${at["id"]}\`.`);
    return known ? framework(mock, known, query.get("cluster")) : mine;
  },
  "GET /trail": ({ mock, query }) => {
    if (mock.state === "viewer") throw new Refusal(403, "forbidden", "Reading the audit trail needs the role auditor; yours is viewer.");
    const outcome = query.get("outcome");
    const entries = mock.state === "empty" ? [] : trailOf(mock);
    return page(
      entries.filter((one) => holds(one.actor, query.get("actor")) && holds(one.action, query.get("action")) && holds(one.object, query.get("object")) && (!outcome || one.outcome === outcome)),
      query,
    );
  },
  "GET /trail/verify": ({ mock }) => (mock.state === "problem" ? { entries: 2400, intact: false, brokenAt: 1873 } : { entries: 2400, intact: true, brokenAt: null }),
};
