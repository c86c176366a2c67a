// Settings of the mock plane: agents and join tokens, identity provider, roles, API tokens, notifications.
import type { Agent, Delivery, Identity, JoinToken, RoleGrant, RoleMapping, Route, Token } from "../src/api/types";
import { answer, page, Refusal, type Mock, type Request, type Routes } from "./plugin.ts";
import { ago } from "./world.ts";

const HOUR = 3_600_000;
const later = (ms: number) => ago(-ms);
const secret = (prefix: string) => `${prefix}${Math.random().toString(36).slice(2)}${Math.random().toString(36).slice(2)}`;

interface Kept {
  tokens: Token[];
  joins: JoinToken[];
  revoked: Set<string>;
  approved: Set<string>;
  identity: Identity;
  versions: RoleMapping[];
  routes: Route[];
  deliveries: Delivery[];
}

const kept = new WeakMap<Mock, Kept>();
const everywhere = (role: RoleGrant["role"]): RoleGrant => ({ role, clusters: [], namespaces: [] });

function of(mock: Mock): Kept {
  let all = kept.get(mock);
  if (!all) {
    all = start();
    kept.set(mock, all);
  }
  return all;
}

function start(): Kept {
  const first: RoleMapping = { version: 1, changedBy: "admin", changedAt: ago(4000 * HOUR), groups: [{ group: "platform", grants: [everywhere("admin")] }] };
  const second: RoleMapping = {
    version: 2,
    changedBy: "Mara Lindqvist",
    changedAt: ago(300 * HOUR),
    groups: [
      { group: "platform", grants: [everywhere("admin")] },
      { group: "security", grants: [everywhere("operator")] },
      { group: "team-payments", grants: [{ role: "operator", clusters: ["shop-*"], namespaces: ["payments", "ledger*"] }, { role: "viewer", clusters: ["shop-*"], namespaces: [] }] },
      { group: "audit", grants: [everywhere("auditor")] },
    ],
  };
  return {
    tokens: [
      { id: "t-1", name: "nightly export", owner: "Mara Lindqvist", role: "viewer", clusters: [], namespaces: [], created: ago(900 * HOUR), expires: later(1200 * HOUR), lastUsed: ago(7 * HOUR) },
      { id: "t-2", name: "pipeline of payments", owner: "Mara Lindqvist", role: "auditor", clusters: ["shop-*"], namespaces: ["payments"], created: ago(90 * HOUR), expires: later(20 * HOUR), lastUsed: null },
      { id: "t-3", name: "old laptop", owner: "Mara Lindqvist", role: "viewer", clusters: [], namespaces: [], created: ago(3000 * HOUR), expires: ago(10 * HOUR), lastUsed: ago(40 * HOUR) },
    ],
    joins: [{ id: "j-1", cluster: "edge-waw", usesLeft: 1, expires: later(20 * HOUR), needsApproval: true, createdBy: "Mara Lindqvist" }],
    revoked: new Set(),
    approved: new Set(),
    identity: { name: "Shop SSO", issuer: "https://login.shop.example", clientId: "rampart", hasSecret: true, scopes: ["openid", "email", "profile", "groups"], groupsClaim: "groups", enabled: true, localDisabled: true, redirectUri: "https://rampart.shop.example/api/v1/auth/oidc/callback" },
    versions: [second, first],
    routes: [
      { id: "r-1", name: "On call", kind: "slack", target: "#security-alerts", hasSecret: true, minSeverity: "critical", controls: [], clusters: [], namespaces: [], digest: "none", enabled: true },
      { id: "r-2", name: "SIEM", kind: "webhook", target: "https://siem.shop.example/hooks/rampart", hasSecret: true, minSeverity: "info", controls: ["rbac", "secrets"], clusters: ["*-prod"], namespaces: [], digest: "none", enabled: true },
      { id: "r-3", name: "Payments team", kind: "email", target: "payments@shop.example", hasSecret: false, minSeverity: "high", controls: [], clusters: [], namespaces: ["payments", "ledger"], digest: "daily", enabled: false },
    ],
    deliveries: [
      { id: "d-1", route: "r-1", at: ago(0.1 * HOUR), state: "sent", attempts: 1, nextAttempt: null, problem: null, summary: "1 critical finding opened in bank-core" },
      { id: "d-2", route: "r-2", at: ago(0.4 * HOUR), state: "pending", attempts: 3, nextAttempt: later(90_000), problem: "the server answered 503 Service Unavailable", summary: "12 findings opened, 3 closed in shop-prod" },
      { id: "d-3", route: "r-2", at: ago(30 * HOUR), state: "dead", attempts: 12, nextAttempt: null, problem: "cannot connect to siem.shop.example:443: connection refused", summary: "4 findings opened in shop-prod" },
    ],
  };
}

function admin({ mock }: Request): void {
  if (mock.state === "viewer") throw new Refusal(403, "forbidden", "This needs the role admin; yours is viewer.");
}

function listed<T>(request: Request, items: T[]) {
  return { items: request.mock.state === "empty" ? [] : items, next: null };
}

function take<T extends { id: string }>(items: T[], id: string | undefined): T {
  const found = items.find((one) => one.id === id);
  if (!found) throw new Refusal(404, "not_found", `There is no \`${id}\`.`);
  return found;
}

function remove<T extends { id: string }>(items: T[], id: string | undefined): void {
  items.splice(items.indexOf(take(items, id)), 1);
}

function agents(mock: Mock): Agent[] {
  const { revoked, approved } = of(mock);
  const known = mock.world.clusters
    .filter((one) => one.source === "agent")
    .map((one, at): Agent => ({ id: `a-${at}`, cluster: one.name, state: revoked.has(`a-${at}`) ? "revoked" : one.state === "never" && !approved.has(`a-${at}`) ? "waiting" : "joined", version: "0.1.0", protocol: 1, certificateExpires: one.state === "never" ? null : later((100 + at * 37) * HOUR), lastSeen: one.lastSeen, clusterUid: `7d1f0${at}a2-41c7-4c07-9d57-0f2f6a9be0${10 + at}` }));
  return known;
}

let mail: { allowPrivate: boolean; smtp: Record<string, unknown> | null } = {
  allowPrivate: false,
  smtp: { server: "smtp.shop.example", port: 587, security: "starttls", from: "rampart@shop.example", user: "rampart", hasPassword: true },
};

export const settingsRoutes: Routes = {
  "GET /agents": (request) => page(request.mock.state === "empty" ? [] : agents(request.mock), request.query),
  "POST /agents/:id/approve": (request) => {
    admin(request);
    of(request.mock).approved.add(request.at["id"] ?? "");
    request.mock.tell("agent", null);
  },
  "POST /agents/:id/revoke": (request) => {
    admin(request);
    of(request.mock).revoked.add(request.at["id"] ?? "");
    request.mock.tell("agent", null);
  },
  "GET /join-tokens": (request) => listed(request, of(request.mock).joins),
  "POST /join-tokens": (request) => {
    admin(request);
    const { body } = request;
    if (Number(body["uses"]) < 1) throw new Refusal(422, "invalid", "a token is for at least one use", "uses");
    const joins = of(request.mock).joins;
    const made: JoinToken = { id: `j-${Date.now()}`, cluster: (body["cluster"] as string | null) ?? null, usesLeft: Number(body["uses"]), expires: later(Number(body["hours"]) * HOUR), needsApproval: Boolean(body["needsApproval"]), createdBy: "Mara Lindqvist" };
    joins.push(made);
    const value = secret("rmpj_");
    return answer(201, { ...made, secret: value, command: `rampart agent manifest --plane https://rampart.shop.example --token ${value} | kubectl apply -f -` });
  },
  "DELETE /join-tokens/:id": (request) => remove(of(request.mock).joins, request.at["id"]),
  "GET /identity": (request) => {
    admin(request);
    const identity = of(request.mock).identity;
    return request.mock.state === "empty" ? { ...identity, name: "", issuer: "", clientId: "", hasSecret: false, scopes: [], groupsClaim: "", enabled: false, localDisabled: false } : identity;
  },
  "PUT /identity": (request) => {
    admin(request);
    const { clientSecret, ...rest } = request.body;
    if (!String(rest["issuer"]).startsWith("https://")) throw new Refusal(422, "invalid", "the issuer is no https address", "issuer");
    Object.assign(of(request.mock).identity, rest, clientSecret ? { hasSecret: true } : {});
    return of(request.mock).identity;
  },
  "POST /identity/test": ({ body }) => {
    const reached = !String(body["issuer"]).includes("wrong");
    return reached
      ? { ok: true, message: "the provider answers; sign in with it to see that client and groups are right", authorizationEndpoint: `${String(body["issuer"])}/authorize`, keys: 2 }
      : { ok: false, message: "cannot reach the provider: no such host", authorizationEndpoint: null, keys: 0 };
  },
  "GET /roles": (request) => {
    admin(request);
    return request.mock.state === "empty" ? { version: 0, changedBy: null, changedAt: null, groups: [] } : of(request.mock).versions[0];
  },
  "GET /roles/versions": (request) => listed(request, of(request.mock).versions),
  "POST /roles/preview": ({ mock, body }) => {
    const before = of(mock).versions[0]?.groups ?? [];
    const after = body["groups"] as RoleMapping["groups"];
    const people: [string, string[]][] = [
      ["Mara Lindqvist", ["platform"]],
      ["Jonas Petri", ["security", "audit"]],
      ["Ifeoma Adeyemi", ["team-payments"]],
    ];
    const grants = (groups: RoleMapping["groups"], mine: string[]) => groups.filter((one) => mine.includes(one.group)).flatMap((one) => one.grants);
    const users = people.map(([name, mine]) => ({ name, before: grants(before, mine), after: grants(after, mine) }));
    return { users: users.filter((one) => JSON.stringify(one.before) !== JSON.stringify(one.after)) };
  },
  "PUT /roles": (request) => {
    admin(request);
    const { mock, body } = request;
    const versions = of(mock).versions;
    if (body["basedOn"] !== versions[0]?.version) throw new Refusal(409, "conflict", `The roles are at version ${versions[0]?.version} by now.`);
    versions.unshift({ version: (versions[0]?.version ?? 0) + 1, changedBy: "Mara Lindqvist", changedAt: new Date().toISOString(), groups: body["groups"] as RoleMapping["groups"] });
    return versions[0];
  },
  "GET /tokens": (request) => listed(request, of(request.mock).tokens),
  "POST /tokens": ({ mock, body }) => {
    const tokens = of(mock).tokens;
    if (tokens.some((one) => one.name === body["name"])) throw new Refusal(409, "conflict", "You have a token of that name already.", "name");
    const made = { ...(body as unknown as Token), id: `t-${Date.now()}`, owner: "Mara Lindqvist", created: new Date().toISOString(), lastUsed: null };
    tokens.unshift(made);
    return answer(201, { ...made, secret: secret("rmp_") });
  },
  "DELETE /tokens/:id": ({ mock, at }) => remove(of(mock).tokens, at["id"]),
  "GET /notifications/routes": (request) => listed(request, of(request.mock).routes),
  "POST /notifications/routes": ({ mock, body }) => {
    const { secret: given, ...rest } = body;
    const made = { ...(rest as unknown as Route), id: `r-${Date.now()}`, hasSecret: Boolean(given) };
    of(mock).routes.push(made);
    return answer(201, made);
  },
  "PUT /notifications/routes/:id": ({ mock, at, body }) => {
    const { secret: given, ...rest } = body;
    return Object.assign(take(of(mock).routes, at["id"]), rest, given ? { hasSecret: true } : {});
  },
  "DELETE /notifications/routes/:id": ({ mock, at }) => remove(of(mock).routes, at["id"]),
  "POST /notifications/routes/:id/test": ({ mock, at }) => {
    if (take(of(mock).routes, at["id"]).kind === "webhook") throw new Refusal(502, "not_delivered", "cannot connect to siem.shop.example:443: connection refused");
  },
  "GET /notifications/settings": () => mail,
  "PUT /notifications/settings": (request) => {
    admin(request);
    const { smtp, allowPrivate } = request.body as { smtp: Record<string, unknown> | null; allowPrivate: boolean };
    mail = { allowPrivate, smtp: smtp && { ...smtp, password: undefined, hasPassword: Boolean(smtp["password"]) } };
    return mail;
  },
  "GET /notifications/deliveries": ({ mock, query }) => {
    const state = query.get("state");
    return page(mock.state === "empty" ? [] : of(mock).deliveries.filter((one) => !state || one.state === state), query);
  },
  "POST /notifications/deliveries/:id/retry": ({ mock, at }) => {
    Object.assign(take(of(mock).deliveries, at["id"]), { state: "pending", nextAttempt: new Date().toISOString() });
    mock.tell("delivery", null);
  },
  "POST /auth/device/approve": ({ body }) => {
    if (!/^[A-Z0-9]{4}-?[A-Z0-9]{4}$/.test(String(body["userCode"]))) throw new Refusal(404, "not_found", "No program waits with this code; it may be over.", "userCode");
  },
  "POST /auth/first-run": ({ mock, body }) => {
    if (body["token"] !== "mock-token") throw new Refusal(403, "forbidden", "The link was used already, or it is over.");
    mock.signedIn = true;
    mock.state = "normal";
  },
};
