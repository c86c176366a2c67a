// A believable fleet: clusters, findings and what follows from them. The same on every start, whatever the day.
import { join } from "node:path";
import type { Change, ClusterBrief, ControlState, Counts, FindingBrief, FixFirst, Gap, Severity, TrendPoint } from "../src/api/types";
import { Random, seedOf } from "./random.ts";
import { CONTROLS, readRules, UNSEEN, type MockRule } from "./rules.ts";

export const SEVERITY_ORDER: readonly Severity[] = ["critical", "high", "medium", "low", "info"];
const WEIGHT: Record<Severity, number> = { critical: 24, high: 9, medium: 3, low: 1, info: 0 };

const TEAMS = ["payments", "checkout", "catalog", "storefront", "erp", "fulfilment", "marketing", "ledger", "cards", "trading", "observability", "platform", "kube-system", "default", "ci"];
const APPS = ["cart", "gateway", "search", "pricing", "ledger-writer", "fraud-scorer", "image-resizer", "invoice-pdf", "notifier", "session-cache", "exporter", "batch-import", "webhook-relay", "kiosk", "reconciler"];
const WORKLOADS = ["Deployment", "Deployment", "Deployment", "StatefulSet", "DaemonSet", "CronJob"];
const API: Record<string, string> = {
  Deployment: "apps/v1",
  StatefulSet: "apps/v1",
  DaemonSet: "apps/v1",
  CronJob: "batch/v1",
  Namespace: "v1",
  ServiceAccount: "v1",
  Service: "v1",
  Secret: "v1",
  ConfigMap: "v1",
  Pod: "v1",
  ClusterRole: "rbac.authorization.k8s.io/v1",
  Role: "rbac.authorization.k8s.io/v1",
  ClusterRoleBinding: "rbac.authorization.k8s.io/v1",
  RoleBinding: "rbac.authorization.k8s.io/v1",
  NetworkPolicy: "networking.k8s.io/v1",
  Ingress: "networking.k8s.io/v1",
};
const CLUSTER_KINDS = new Set(["ClusterRole", "ClusterRoleBinding", "Namespace", "Node", "CertificateSigningRequest", "ValidatingWebhookConfiguration", "MutatingWebhookConfiguration", "APIService"]);

export function noCounts(): Counts {
  return { critical: 0, high: 0, medium: 0, low: 0, info: 0 };
}

export function countOf(findings: Iterable<FindingBrief>): Counts {
  const counts = noCounts();
  for (const one of findings) if (one.state === "open") counts[one.severity] += 1;
  return counts;
}

export interface World {
  rules: MockRule[];
  clusters: ClusterBrief[];
  findings: FindingBrief[];
  byCluster: Map<string, FindingBrief[]>;
  states: Map<string, ControlState[]>;
  changes: Change[];
  version: number;
}

const DAY = 86_400_000;
export function ago(ms: number): string {
  return new Date(Date.now() - ms).toISOString();
}
export function day(offset: number): string {
  return new Date(Date.now() + offset * DAY).toISOString().slice(0, 10);
}

export function makeWorld(root: string, size: { clusters: number; findings: number }): World {
  const rules = readRules(join(root, "docs", "rules"));
  const random = new Random(20_240_917);
  const usable = rules.filter((rule) => !UNSEEN.has(rule.control) && !rule.id.startsWith("waivers/"));
  const names = clusterNames(size.clusters);
  const clusters: ClusterBrief[] = [];
  const findings: FindingBrief[] = [];
  const byCluster = new Map<string, FindingBrief[]>();
  const states = new Map<string, ControlState[]>();
  const each = Math.ceil((size.findings * 1.35) / Math.max(1, names.length));
  names.forEach((name, index) => {
    const quality = 0.25 + random.next() * 1.5;
    const count = Math.min(size.findings - findings.length, Math.max(3, Math.round(each * quality)));
    // Never heard of: joined on paper, no agent yet.
    const state = index === names.length - 1 && names.length > 3 ? "never" : index % 13 === 7 ? "late" : index % 17 === 11 ? "failed" : "up";
    const mine: FindingBrief[] = [];
    if (state !== "never") for (let at = 0; at < count; at += 1) mine.push(finding(random, usable, name, at));
    for (const one of mine) findings.push(one);
    byCluster.set(name, mine);
    const controls = CONTROLS.map((control) => controlState(new Random(seedOf(name + control[0])), control, mine, state === "never", quality));
    states.set(name, controls);
    const scores = controls.map((one) => one.score).filter((score) => score !== null);
    clusters.push({
      name,
      source: index === 0 ? "folder" : index === 1 ? "context" : "agent",
      detail: index === 0 ? "/srv/gitops/shop" : index === 1 ? "kind-staging" : "agent 0.1.0, protocol 1",
      state,
      problem: state === "late" ? "No word for 26 minutes; expected every 5." : state === "failed" ? "The API server refuses to list `secrets`: forbidden for system:serviceaccount:rampart:agent." : null,
      lastSeen: state === "never" ? null : ago(state === "late" ? 26 * 60_000 : random.below(90_000)),
      lastEvaluation: state === "never" ? null : ago(state === "late" ? 31 * 60_000 : random.below(200_000)),
      version: state === "never" ? null : random.pick(["v1.32.4", "v1.33.1", "v1.33.5", "v1.34.2", "v1.30.14"]),
      objects: state === "never" ? 0 : 400 + random.below(9600),
      score: scores.length > 0 ? Math.round(scores.reduce((a, b) => a + b, 0) / scores.length) : null,
      coverage: state === "never" ? 0 : controls.reduce((a, one) => a + one.coverage, 0) / controls.length,
      counts: countOf(mine),
    });
  });
  const changes = findings
    .filter((_, at) => at % Math.max(1, Math.floor(findings.length / 40)) === 0)
    .slice(0, 40)
    .map((one, at): Change => ({ at: ago(at * at * 190_000 + 40_000), change: at % 4 === 2 ? "closed" : at % 7 === 5 ? "reopened" : at % 11 === 6 ? "waived" : "opened", finding: one }));
  return { rules, clusters, findings, byCluster, states, changes, version: 1 };
}

function clusterNames(count: number): string[] {
  const stems = ["shop-prod", "staging", "bank-core", "bank-dmz", "edge-fra", "edge-lon", "edge-nyc", "retail-eu", "retail-us", "analytics", "ml-train", "build-farm", "partner-portal", "sandbox", "archive"];
  const names: string[] = [];
  for (let round = 0; names.length < count; round += 1) for (const stem of stems) if (names.length < count) names.push(round === 0 ? stem : `${stem}-${round + 1}`);
  return names;
}

function finding(random: Random, rules: MockRule[], cluster: string, at: number): FindingBrief {
  // A few rules make most findings, as in life.
  const rule = rules[Math.floor(random.next() ** 1.6 * rules.length)] as MockRule;
  const kind = rule.kinds.length > 0 && !rule.kinds.includes("Pod") ? random.pick(rule.kinds) : random.pick(WORKLOADS);
  const namespace = CLUSTER_KINDS.has(kind) ? "" : random.pick(TEAMS);
  const hostile = at % 997 === 13 ? `<img src=x onerror=alert(1)>` : null;
  const name = hostile ?? `${random.pick(APPS)}${random.chance(0.4) ? `-${random.pick(["v2", "canary", "eu", "worker", "api", "sync"])}` : ""}`;
  const state = random.chance(0.06) ? "waived" : random.chance(0.08) ? "resolved" : "open";
  const firstSeen = Math.floor(random.next() ** 2 * 120 * DAY) + 60_000;
  return {
    cluster,
    fingerprint: random.hex(32),
    rule: rule.id,
    title: rule.title,
    control: rule.control,
    severity: rule.severity,
    subject: { apiVersion: API[kind] ?? "v1", kind, namespace, name },
    key: kind === "Deployment" ? "app" : "",
    message: `${rule.title} on ${kind.toLowerCase()} \`${name}\`${kind === "Deployment" ? ", container `app`" : ""}`,
    state,
    firstSeen: ago(firstSeen),
    lastSeen: ago(Math.min(firstSeen, random.below(300_000))),
    resolved: state === "resolved" ? ago(Math.floor(firstSeen / 2)) : null,
    fixable: random.chance(0.45),
    waiver: state === "waived" ? `w-${1 + random.below(12)}` : null,
  };
}

function controlState(random: Random, [id, title, layer, phase]: (typeof CONTROLS)[number], findings: FindingBrief[], never: boolean, quality: number): ControlState {
  const open = findings.filter((one) => one.control === id && one.state === "open");
  const counts = countOf(open);
  const base = { id, title, layer, phase, counts };
  if (never || UNSEEN.has(id)) return { ...base, verdict: "unknown", score: null, coverage: 0, examined: 0 };
  const weight = SEVERITY_ORDER.reduce((sum, one) => sum + counts[one] * WEIGHT[one], 0);
  const examined = 60 + random.below(2400);
  const coverage = random.chance(0.2) ? 60 + random.below(39) : 100;
  const score = Math.max(4, Math.round(100 - (100 * weight) / (weight + examined * (0.9 + quality / 2))));
  const bad = counts.critical + counts.high + counts.medium > 0;
  return { ...base, verdict: bad ? "fail" : coverage < 100 ? "unknown" : "pass", score, coverage, examined };
}

export function trend(seed: string, end: number | null, open: number): TrendPoint[] {
  const random = new Random(seedOf(seed));
  const points: TrendPoint[] = [];
  let score = end;
  for (let at = 0; at < 30; at += 1) {
    const gap = random.chance(0.04);
    points.push({ day: day(-at), score: score === null || gap ? null : Math.round(score), open: Math.max(0, Math.round(open * (1 + at * 0.012 * (random.next() - 0.2)))) });
    if (score !== null) score = Math.min(100, Math.max(2, score - (random.next() - 0.42) * 2.4));
  }
  return points.reverse();
}

export function fixFirst(findings: readonly FindingBrief[]): FixFirst[] {
  const groups = new Map<string, FindingBrief[]>();
  for (const one of findings) {
    if (one.state !== "open") continue;
    const group = groups.get(one.rule);
    if (group) group.push(one);
    else groups.set(one.rule, [one]);
  }
  return [...groups.values()]
    .map((group): FixFirst => {
      const first = group[0] as FindingBrief;
      const clusters = new Set(group.map((one) => one.cluster));
      const shared = group.length % 3 === 0;
      return {
        rule: first.rule,
        title: first.title,
        control: first.control,
        severity: first.severity,
        cause: shared ? { apiVersion: "rbac.authorization.k8s.io/v1", kind: "ClusterRole", namespace: "", name: "ci-deployer" } : null,
        cluster: shared ? first.cluster : null,
        findings: group.length,
        clusters: clusters.size,
        subjects: new Set(group.map((one) => `${one.cluster}/${one.subject.namespace}/${one.subject.kind}/${one.subject.name}`)).size,
        fixable: first.fixable,
      };
    })
    .sort((a, b) => WEIGHT[b.severity] * b.findings - WEIGHT[a.severity] * a.findings)
    .slice(0, 10);
}

export function gapsOf(cluster: string, control?: string): Gap[] {
  const reasons: Gap[] = [
    { cluster, control: "image_scanning", rule: "image-scanning/images-scanned", reason: "no image was scanned", remedy: "scan images where they are built, or let the agent read the registry" },
    { cluster, control: "cis_kubernetes", rule: "cis-kubernetes/nodes-collected", reason: "no node reported its configuration", remedy: "install the node collector as a DaemonSet" },
    { cluster, control: "minimal_os", rule: "minimal-os/nodes-collected", reason: "no node reported its packages", remedy: "install the node collector as a DaemonSet" },
    { cluster, control: "os_hardening", rule: "os-hardening/nodes-collected", reason: "no node reported its kernel settings", remedy: "install the node collector as a DaemonSet" },
    { cluster, control: "cis_docker", rule: "cis-docker/engines-collected", reason: "no container engine reported its configuration", remedy: "install the node collector as a DaemonSet" },
    { cluster, control: "secrets", rule: "secrets/encryption-at-rest-off", reason: "the API server's flags are not readable from inside the cluster", remedy: "let a node of the control plane report, or give the configuration as a file" },
  ];
  return reasons.filter((gap) => !control || gap.control === control);
}
