// What the mock plane has seen: overview, clusters, compliance, findings, workloads, rules.
import type { ClusterBrief, Finding, FindingBrief, Group, Severity } from "../src/api/types";
import { page, Refusal, type Request, type Routes } from "./plugin.ts";
import { Random, seedOf } from "./random.ts";
import { CONTROLS } from "./rules.ts";
import { ago, countOf, day, fixFirst, gapsOf, noCounts, SEVERITY_ORDER, trend, type World } from "./world.ts";

const RANK = new Map(SEVERITY_ORDER.map((one, at) => [one, at]));
const byRank = (a: Severity, b: Severity) => (RANK.get(a) ?? 0) - (RANK.get(b) ?? 0);

function mean(values: (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : Math.round(known.reduce((a, b) => a + b, 0) / known.length);
}

function controlsOver(world: World, names: string[]) {
  return CONTROLS.map(([id, title, layer, phase]) => {
    const states = names.map((name) => world.states.get(name)?.find((one) => one.id === id)).filter((one) => one !== undefined);
    const counts = noCounts();
    const clusters = { pass: 0, fail: 0, unknown: 0 };
    for (const state of states) {
      clusters[state.verdict] += 1;
      for (const severity of SEVERITY_ORDER) counts[severity] += state.counts[severity];
    }
    const score = mean(states.map((one) => one.score));
    const open = SEVERITY_ORDER.reduce((sum, one) => sum + counts[one], 0);
    return {
      id,
      title,
      layer,
      phase,
      verdict: clusters.fail > 0 ? ("fail" as const) : clusters.unknown > 0 || states.length === 0 ? ("unknown" as const) : ("pass" as const),
      score,
      coverage: states.length === 0 ? 0 : states.reduce((sum, one) => sum + one.coverage, 0) / states.length,
      examined: states.reduce((sum, one) => sum + one.examined, 0),
      counts,
      clusters,
      trend: trend(id, score, open),
    };
  });
}

function clusterOf({ mock, at }: Request): ClusterBrief {
  const found = mock.world.clusters.find((one) => one.name === at["cluster"]);
  if (!found || mock.state === "empty") throw new Refusal(404, "not_found", `There is no cluster \`${at["cluster"]}\` that you may see.`);
  return found;
}

export function filtered({ mock, query }: Request): FindingBrief[] {
  if (mock.state === "empty") return [];
  const any = (name: string) => new Set(query.getAll(name).filter((one) => one !== ""));
  const clusters = any("cluster");
  const namespaces = any("namespace");
  const controls = any("control");
  const severities = any("severity");
  const rules = any("rule");
  const kinds = any("kind");
  const states = any("state");
  const name = query.get("name");
  const fixable = query.get("fixable");
  const since = query.get("since");
  const words = query.get("q")?.toLowerCase();
  if (states.size === 0) states.add("open");
  const from = clusters.size === 1 ? (mock.world.byCluster.get([...clusters][0] ?? "") ?? []) : mock.world.findings;
  return from.filter(
    (one) =>
      states.has(one.state) &&
      (clusters.size === 0 || clusters.has(one.cluster)) &&
      (namespaces.size === 0 || namespaces.has(one.subject.namespace || "-")) &&
      (controls.size === 0 || controls.has(one.control)) &&
      (severities.size === 0 || severities.has(one.severity)) &&
      (rules.size === 0 || rules.has(one.rule)) &&
      (kinds.size === 0 || kinds.has(one.subject.kind)) &&
      (!name || one.subject.name === name) &&
      (fixable === null || String(one.fixable) === fixable) &&
      (!since || one.firstSeen >= since) &&
      (!words || `${one.title} ${one.rule} ${one.subject.namespace} ${one.subject.name} ${one.message}`.toLowerCase().includes(words)),
  );
}

const sorted = new Map<string, FindingBrief[]>();
function inOrder(request: Request): FindingBrief[] {
  const query = new URLSearchParams(request.query);
  query.delete("cursor");
  query.delete("limit");
  const key = `${request.mock.state} ${request.mock.world.version} ${query}`;
  const known = sorted.get(key);
  if (known) return known;
  const list = filtered(request);
  const subject = (one: FindingBrief) => `${one.cluster}/${one.subject.namespace}/${one.subject.name}`;
  const sort = query.get("sort") ?? "severity";
  list.sort((a, b) => {
    if (sort === "newest") return a.firstSeen < b.firstSeen ? 1 : -1;
    if (sort === "oldest") return a.firstSeen < b.firstSeen ? -1 : 1;
    if (sort === "subject") return subject(a) < subject(b) ? -1 : 1;
    return byRank(a.severity, b.severity) || (a.firstSeen < b.firstSeen ? 1 : -1);
  });
  sorted.clear();
  sorted.set(key, list);
  return list;
}

function groups(request: Request): Group[] {
  const by = request.query.get("by") ?? "rule";
  const kept = new Map<string, { label: string; rule: string | null; list: FindingBrief[] }>();
  for (const one of filtered(request)) {
    const control = CONTROLS.find(([id]) => id === one.control)?.[1] ?? one.control;
    const [key, label, rule] =
      by === "cluster"
        ? [one.cluster, one.cluster, null]
        : by === "namespace"
          ? [one.subject.namespace, one.subject.namespace || "the cluster itself", null]
          : by === "control"
            ? [one.control, control, null]
            : by === "cause"
              ? [`${one.cluster}/${one.subject.kind}/${one.subject.namespace || "-"}/${one.subject.name}`, `${one.subject.kind} ${one.subject.namespace ? `${one.subject.namespace}/` : ""}${one.subject.name}`, null]
              : [one.rule, one.title, one.rule];
    const group = kept.get(key);
    if (group) group.list.push(one);
    else kept.set(key, { label, rule, list: [one] });
  }
  return [...kept]
    .map(([key, { label, rule, list }]) => ({
      key,
      label,
      rule,
      severity: list.map((one) => one.severity).sort(byRank)[0] ?? ("info" as const),
      findings: list.length,
      clusters: new Set(list.map((one) => one.cluster)).size,
      subjects: new Set(list.map((one) => `${one.cluster}/${one.subject.namespace}/${one.subject.kind}/${one.subject.name}`)).size,
      fixable: list.filter((one) => one.fixable).length,
    }))
    .sort((a, b) => byRank(a.severity, b.severity) || b.findings - a.findings);
}

function detail(world: World, brief: FindingBrief): Finding {
  const rule = world.rules.find((one) => one.id === brief.rule);
  const random = new Random(seedOf(brief.fingerprint));
  const { kind, namespace, name } = brief.subject;
  const line = 12 + random.below(60);
  const excerpt = (rule?.bad ?? "spec: {}\n").split("\n").slice(0, 14).join("\n").replaceAll(/ # ←.*$/gm, "");
  return {
    ...brief,
    evidence: {
      path: kind === "Deployment" ? "spec.template.spec.containers[0].securityContext" : "rules[0].verbs",
      location: random.chance(0.8) ? { file: `${namespace || "cluster"}/${name}.yaml`, line, column: 7 } : null,
      value: brief.control === "secrets" ? null : random.pick(["true", "*", "null", "RunAsAny"]),
      excerpt: brief.control === "secrets" ? null : excerpt,
    },
    why: rule?.why ?? "",
    fix: rule?.fix ?? "",
    mapsTo: rule?.mapsTo ?? [],
    remedies: brief.fixable
      ? [
          { op: "set", path: "spec.template.spec.containers[0].securityContext.allowPrivilegeEscalation", value: false },
          { op: "append", path: "spec.template.spec.containers[0].securityContext.capabilities.drop", value: "ALL" },
          ...(random.chance(0.4) ? [{ op: "remove" as const, path: "spec.template.spec.hostNetwork" }] : []),
          ...(brief.control === "network_policy" ? [{ op: "add" as const, yaml: `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: default-deny\n  namespace: ${namespace || "default"}\nspec:\n  podSelector: {}\n  policyTypes: [Ingress, Egress]\n` }] : []),
        ]
      : [],
    cause: brief.control === "rbac" ? { apiVersion: "rbac.authorization.k8s.io/v1", kind: "ClusterRole", namespace: "", name: "ci-deployer" } : null,
    history: [
      { at: brief.firstSeen, change: "opened" },
      ...(random.chance(0.3) ? [{ at: ago(40 * 3_600_000), change: "closed" as const }, { at: ago(20 * 3_600_000), change: "reopened" as const }] : []),
      ...(brief.state === "waived" ? [{ at: ago(9 * 3_600_000), change: "waived" as const }] : []),
      ...(brief.resolved ? [{ at: brief.resolved, change: "closed" as const }] : []),
    ],
    waivers:
      brief.state === "waived"
        ? [{ id: brief.waiver ?? "w-1", rule: brief.rule, clusters: [brief.cluster], kind, namespace: namespace || null, name, key: null, reason: "The vendor's image needs it until version 5; the pod is isolated by network policy.", owner: "platform@shop.example", expires: day(24), state: "approved", requestedBy: "mara", requestedAt: ago(10 * 3_600_000), decidedBy: "jonas", decidedAt: ago(9 * 3_600_000), comment: "Until the upgrade in spring.", matches: 1 }]
        : [],
  };
}

export const seenRoutes: Routes = {
  "GET /overview": ({ mock }) => {
    const { world } = mock;
    const empty = mock.state === "empty";
    const clusters = empty ? [] : world.clusters;
    const controls = controlsOver(world, clusters.map((one) => one.name));
    const counts = noCounts();
    for (const one of clusters) for (const severity of SEVERITY_ORDER) counts[severity] += one.counts[severity];
    return {
      asOf: new Date(Math.floor(Date.now() / 60_000) * 60_000).toISOString(),
      score: mean(clusters.map((one) => one.score)),
      coverage: clusters.length === 0 ? 0 : clusters.reduce((sum, one) => sum + one.coverage, 0) / clusters.length,
      counts,
      clusters: { total: clusters.length, up: clusters.filter((one) => one.state === "up").length, late: clusters.filter((one) => one.state === "late" || one.state === "failed").length, never: clusters.filter((one) => one.state === "never").length },
      controls,
      fixFirst: empty ? [] : fixFirst(world.findings),
      changes: empty ? [] : world.changes.slice(0, 20),
      deadlines: empty
        ? []
        : [
            { kind: "end_of_life", title: "Kubernetes 1.30 is no longer supported", at: day(-12), cluster: "bank-core", link: "/clusters/bank-core" },
            { kind: "certificate", title: "Serving certificate of checkout/gateway-tls", at: day(3), cluster: "shop-prod", link: null },
            { kind: "waiver", title: "pod-security/host-path-volumes for log-shipper", at: day(9), cluster: null, link: "/waivers" },
            { kind: "waiver", title: "rbac/wildcard-verb for ci-deployer", at: day(24), cluster: "staging", link: "/waivers" },
            { kind: "end_of_life", title: "Kubernetes 1.32 leaves support", at: day(81), cluster: "staging", link: "/clusters/staging" },
          ],
      agents: clusters,
    };
  },
  "GET /clusters": ({ mock, query }) => page(mock.state === "empty" ? [] : mock.world.clusters, query),
  "GET /clusters/:cluster": (request) => {
    const brief = clusterOf(request);
    const { world } = request.mock;
    const mine = world.byCluster.get(brief.name) ?? [];
    const controls = world.states.get(brief.name) ?? [];
    const random = new Random(seedOf(brief.name));
    const names = [...new Set(mine.map((one) => one.subject.namespace))].filter((one) => one !== "").sort();
    return {
      ...brief,
      uid: brief.state === "never" ? null : "7b1f2c54-2f0e-4a2e-9a4c-0d7a61c0f1aa",
      controls,
      trend: trend(brief.name, brief.score, mine.length),
      namespaces: names.map((name) => {
        const part = () => (random.chance(0.6) ? "met" : random.chance(0.8) ? "missing" : "unknown");
        const parts = { default_deny_egress: part(), default_deny_ingress: part(), limit_range: part(), no_default_token: part(), own_service_accounts: part(), pod_security_labels: part(), resource_quota: part() };
        return { name, score: random.chance(0.05) ? null : 30 + random.below(70), complete: Object.values(parts).every((one) => one === "met"), parts, counts: countOf(mine.filter((one) => one.subject.namespace === name)) };
      }),
      gaps: gapsOf(brief.name),
      diagnostics: brief.source === "folder" ? [{ source: "checkout/values.yaml", line: 14, column: 3, message: "not a Kubernetes object: no `kind`", lost: false }, { source: "erp/legacy.yaml", line: 88, column: 1, message: "a tab where YAML wants spaces; the rest of the document is lost", lost: true }] : [],
      kinds: brief.state === "never" ? {} : { Deployment: 142, StatefulSet: 18, DaemonSet: 9, CronJob: 21, Pod: 640, Service: 170, Ingress: 22, NetworkPolicy: 61, Role: 48, RoleBinding: 66, ClusterRole: 88, ClusterRoleBinding: 71, ServiceAccount: 120, ConfigMap: 310, Secret: 205, Namespace: names.length },
    };
  },
  "POST /clusters": ({ mock, body }) => {
    const name = String(body["name"] ?? "");
    if (!/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(name)) throw new Refusal(422, "invalid", "A name is lower-case letters, digits, `-` and `.`.", "name");
    if (mock.world.clusters.some((one) => one.name === name)) throw new Refusal(409, "exists", `There is a cluster \`${name}\` already.`, "name");
    const brief: ClusterBrief = { name, source: "agent", detail: "no agent yet", state: "never", problem: null, lastSeen: null, lastEvaluation: null, version: null, objects: 0, score: null, coverage: 0, counts: noCounts() };
    mock.world.clusters.push(brief);
    mock.tell("cluster", name);
    return brief;
  },
  "DELETE /clusters/:cluster": (request) => {
    const brief = clusterOf(request);
    request.mock.world.clusters = request.mock.world.clusters.filter((one) => one !== brief);
    request.mock.tell("cluster", brief.name);
  },
  "POST /clusters/:cluster/rescan": (request) => {
    const brief = clusterOf(request);
    setTimeout(() => request.mock.tell("evaluation", brief.name), 1500);
  },
  "GET /compliance": ({ mock }) => ({
    controls: CONTROLS.map(([id, title]) => ({ id, title })),
    clusters: (mock.state === "empty" ? [] : mock.world.clusters).map((one) => ({
      name: one.name,
      cells: one.state === "never" ? CONTROLS.map(() => null) : (mock.world.states.get(one.name) ?? []),
    })),
  }),
  "GET /findings": (request) => page(inOrder(request), request.query),
  "GET /findings/groups": (request) => page(groups(request), request.query),
  "GET /findings/:cluster/:fingerprint": (request) => {
    const brief = request.mock.world.byCluster.get(request.at["cluster"] ?? "")?.find((one) => one.fingerprint === request.at["fingerprint"]);
    if (!brief) throw new Refusal(404, "not_found", "There is no such finding, or it is not for you to see.");
    return detail(request.mock.world, brief);
  },
  "GET /workloads/:cluster/:kind/:namespace/:name": ({ mock, at }) => {
    const namespace = at["namespace"] === "-" ? "" : (at["namespace"] ?? "");
    const all = mock.world.byCluster.get(at["cluster"] ?? "") ?? [];
    const subject = { apiVersion: "rbac.authorization.k8s.io/v1", kind: at["kind"] ?? "", namespace, name: at["name"] ?? "" };
    const causes = subject.kind === "ClusterRole" && subject.name === "ci-deployer";
    const own = all.filter((one) => one.subject.kind === subject.kind && one.subject.name === subject.name && one.subject.namespace === namespace);
    const mine = causes ? [...own, ...all.filter((one) => one.control === "rbac").slice(0, 40)] : own;
    const first = mine[0];
    if (!first) throw new Refusal(404, "not_found", "Nothing is known of this object.");
    return {
      cluster: first.cluster,
      subject: own[0]?.subject ?? subject,
      counts: countOf(mine),
      controls: CONTROLS.map(([id, title]) => ({ id, title, counts: countOf(mine.filter((one) => one.control === id)) })).filter((one) => SEVERITY_ORDER.some((severity) => one.counts[severity] > 0)),
      findings: mine,
      history: mine.slice(0, 12).map((finding) => ({ at: finding.firstSeen, change: "opened", finding })).sort((a, b) => (a.at < b.at ? 1 : -1)),
    };
  },
  "GET /rules": ({ mock, query }) => {
    const open = new Map<string, { open: number; clusters: Set<string> }>();
    for (const one of mock.world.findings) {
      if (one.state !== "open") continue;
      const count = open.get(one.rule) ?? { open: 0, clusters: new Set<string>() };
      count.open += 1;
      count.clusters.add(one.cluster);
      open.set(one.rule, count);
    }
    const rules = mock.world.rules.map(({ kinds: _kinds, bad, ...rule }) => ({ ...rule, open: open.get(rule.id)?.open ?? 0, clusters: open.get(rule.id)?.clusters.size ?? 0, examples: { bad } }));
    return page(rules, query);
  },
  "GET /rules/:control/:name": ({ mock, at }) => {
    const rule = mock.world.rules.find((one) => one.id === `${at["control"]}/${at["name"]}`);
    if (!rule) throw new Refusal(404, "not_found", "There is no such rule.");
    const open = mock.world.findings.filter((one) => one.rule === rule.id && one.state === "open");
    const { kinds: _kinds, bad, ...rest } = rule;
    return { ...rest, open: open.length, clusters: new Set(open.map((one) => one.cluster)).size, examples: { bad } };
  },
};
