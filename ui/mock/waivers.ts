// Waivers of the mock plane: asked for, decided on, come to an end.
import type { Waiver } from "../src/api/types";
import { page, Refusal, type Mock, type Routes } from "./plugin.ts";
import { ago, day } from "./world.ts";

export const ME = "Mara Lindqvist";
const made = new WeakMap<Mock, Waiver[]>();

export function waiversOf(mock: Mock): Waiver[] {
  let list = made.get(mock);
  if (!list) {
    list = start();
    made.set(mock, list);
  }
  return mock.state === "empty" ? [] : list;
}

function start(): Waiver[] {
  const hour = 3_600_000;
  const base = { kind: null, namespace: null, name: null, key: null, decidedBy: null, decidedAt: null, comment: null };
  return [
    { ...base, id: "w-1", rule: "pod-security/host-path-volumes", clusters: ["shop-prod"], namespace: "observability", kind: "DaemonSet", name: "exporter", reason: "The node exporter reads /proc and /sys of the host; read-only mount, reviewed with the platform team.", owner: "observability@shop.example", expires: day(75), state: "requested", requestedBy: "Jonas Petri", requestedAt: ago(2 * hour), matches: 3 },
    { ...base, id: "w-2", rule: "network-policy/default-deny-missing", clusters: ["staging"], namespace: "ci", reason: "Replaced next sprint by the shared policy set.", owner: "ci@shop.example", expires: day(20), state: "requested", requestedBy: ME, requestedAt: ago(5 * hour), matches: 1 },
    { ...base, id: "w-3", rule: "rbac/wildcard-verb", clusters: [], kind: "ClusterRole", name: "legacy-*", reason: `<script>alert("hostile reason")</script> Vendor operator; a scoped role is promised for version 9.`, owner: "erp@shop.example", expires: day(9), state: "requested", requestedBy: "Ifeoma Adeyemi", requestedAt: ago(26 * hour), matches: 212 },
    { ...base, id: "w-4", rule: "pod-security/privileged", clusters: ["build-*"], namespace: "ci", reason: "Image builds need it until rootless builders are in.", owner: "build@shop.example", expires: day(6), state: "approved", requestedBy: "Jonas Petri", requestedAt: ago(500 * hour), decidedBy: ME, decidedAt: ago(490 * hour), comment: "Until the rootless builders are in, not longer.", matches: 14 },
    { ...base, id: "w-5", rule: "secrets/env-var-secret", clusters: ["shop-prod"], namespace: "payments", reason: "Framework reads secrets from the environment only.", owner: "payments@shop.example", expires: day(120), state: "approved", requestedBy: ME, requestedAt: ago(900 * hour), decidedBy: "Jonas Petri", decidedAt: ago(880 * hour), matches: 6 },
    { ...base, id: "w-6", rule: "rbac/cluster-admin-binding", clusters: ["bank-core"], reason: "Temporary for the migration.", owner: "platform@shop.example", expires: day(-3), state: "expired", requestedBy: "Ifeoma Adeyemi", requestedAt: ago(1500 * hour), decidedBy: "Jonas Petri", decidedAt: ago(1490 * hour), matches: 1 },
    { ...base, id: "w-7", rule: "pod-security/run-as-non-root", clusters: [], reason: "Everything runs as root anyway.", owner: "erp@shop.example", expires: day(300), state: "rejected", requestedBy: "Piotr Nowak", requestedAt: ago(300 * hour), decidedBy: ME, decidedAt: ago(299 * hour), comment: "Too broad: name the workloads.", matches: 640 },
    { ...base, id: "w-8", rule: "pod-security/seccomp", clusters: ["staging"], reason: "Profiles are being recorded.", owner: "platform@shop.example", expires: day(40), state: "revoked", requestedBy: "Piotr Nowak", requestedAt: ago(700 * hour), decidedBy: ME, decidedAt: ago(100 * hour), comment: "The profiles are there.", matches: 0 },
  ];
}

function decide(mock: Mock, id: string | undefined, from: readonly Waiver["state"][], to: Waiver["state"], comment: unknown): Waiver {
  const waiver = waiversOf(mock).find((one) => one.id === id);
  if (!waiver) throw new Refusal(404, "not_found", `There is no waiver \`${id}\` that you may see.`);
  if (mock.state === "viewer") throw new Refusal(403, "forbidden", "This needs the role operator.");
  if (!from.includes(waiver.state)) throw new Refusal(409, "conflict", `The waiver is ${waiver.state} already.`);
  if (to === "approved" && waiver.requestedBy === ME) throw new Refusal(403, "four_eyes", "Whoever asked may not approve.");
  Object.assign(waiver, { state: to, decidedBy: ME, decidedAt: new Date().toISOString(), comment: typeof comment === "string" && comment ? comment : null });
  mock.tell("waiver", null);
  return waiver;
}

const texts = (value: unknown): string | null => (typeof value === "string" && value !== "" ? value : null);

export const waiverRoutes: Routes = {
  "GET /waivers": ({ mock, query }) => {
    const state = query.get("state");
    const rule = query.get("rule");
    const cluster = query.get("cluster");
    return page(
      waiversOf(mock).filter((one) => (!state || one.state === state) && (!rule || one.rule === rule) && (!cluster || one.clusters.length === 0 || one.clusters.includes(cluster))),
      query,
    );
  },
  "POST /waivers": ({ mock, body }) => {
    const waiver: Waiver = {
      id: `w-${waiversOf(mock).length + 1}`,
      rule: String(body["rule"]),
      clusters: Array.isArray(body["clusters"]) ? body["clusters"].map(String) : [],
      kind: texts(body["kind"]),
      namespace: texts(body["namespace"]),
      name: texts(body["name"]),
      key: texts(body["key"]),
      reason: String(body["reason"]),
      owner: String(body["owner"]),
      expires: String(body["expires"]),
      state: "requested",
      requestedBy: ME,
      requestedAt: new Date().toISOString(),
      decidedBy: null,
      decidedAt: null,
      comment: null,
      matches: 1,
    };
    waiversOf(mock).unshift(waiver);
    mock.tell("waiver", null);
    return waiver;
  },
  "POST /waivers/:id/approve": ({ mock, at, body }) => decide(mock, at["id"], ["requested"], "approved", body["comment"]),
  "POST /waivers/:id/reject": ({ mock, at, body }) => decide(mock, at["id"], ["requested"], "rejected", body["comment"]),
  "POST /waivers/:id/revoke": ({ mock, at, body }) => decide(mock, at["id"], ["requested", "approved"], "revoked", body["comment"]),
};
