// The JSON of /api/v1. Instants are RFC 3339 strings in UTC; days are `YYYY-MM-DD`. `null` = not known / none.
export type Severity = "critical" | "high" | "medium" | "low" | "info";
export type Verdict = "pass" | "fail" | "unknown";
export type Role = "viewer" | "auditor" | "operator" | "admin";
export interface Counts { critical: number; high: number; medium: number; low: number; info: number }
export interface Problem { error: { code: string; message: string; field?: string } }
export interface Page<T> { items: T[]; next: string | null }

// GET /auth/methods (public)
export interface Methods { local: boolean; oidc: { name: string } | null; firstRun: boolean; version: string }
// GET /session ; POST /auth/first-run {token,name,password} ; POST /auth/login {name,password} ; POST /auth/logout ; GET /auth/oidc/start?return=/path
// POST /auth/device -> Device ; POST /auth/device/token {deviceCode} -> {token}|428 ; POST /auth/device/approve {userCode} (session)
export interface Session { user: { id: string; name: string; email: string | null; source: "local" | "oidc" | "token" }; grants: RoleGrant[]; role: Role /* highest */; csrf: string; expires: string; version: string }
export interface RoleGrant { role: Role; clusters: string[]; namespaces: string[] } // globs; empty = all
export interface Device { deviceCode: string; userCode: string; verificationUri: string; interval: number; expiresIn: number }

export interface ControlState { id: string; title: string; layer: "application" | "cluster" | "infrastructure"; phase: "build" | "operate"; verdict: Verdict; score: number | null; coverage: number; examined: number; counts: Counts }
export interface TrendPoint { day: string; score: number | null; open: number }
export interface Subject { apiVersion: string; kind: string; namespace: string; name: string }
export interface FindingBrief {
  cluster: string; fingerprint: string; rule: string; title: string; control: string; severity: Severity; subject: Subject; key: string; message: string;
  state: "open" | "waived" | "resolved"; firstSeen: string; lastSeen: string; resolved: string | null; fixable: boolean; waiver: string | null;
}
// GET /overview
export interface Overview {
  asOf: string; score: number | null; coverage: number; counts: Counts;
  clusters: { total: number; up: number; late: number; never: number };
  controls: (ControlState & { clusters: { pass: number; fail: number; unknown: number }; trend: TrendPoint[] /* 30 days, oldest first */ })[];
  fixFirst: FixFirst[];
  changes: Change[];            // newest first, at most 20
  deadlines: { kind: "waiver" | "certificate" | "end_of_life" | "other"; title: string; at: string; cluster: string | null; link: string | null }[];
  agents: ClusterBrief[];
}
export interface FixFirst { rule: string; title: string; control: string; severity: Severity; cause: Subject | null; cluster: string | null; findings: number; clusters: number; subjects: number; fixable: boolean }
export interface Change { at: string; change: "opened" | "closed" | "reopened" | "waived" | "unwaived"; finding: FindingBrief }
// GET /clusters -> Page<ClusterBrief>; POST /clusters {name} ; DELETE /clusters/{name} ; POST /clusters/{name}/rescan
export interface ClusterBrief { name: string; source: "folder" | "context" | "agent"; detail: string; state: "up" | "late" | "never" | "failed"; problem: string | null; lastSeen: string | null; lastEvaluation: string | null; version: string | null; objects: number; score: number | null; coverage: number; counts: Counts }
// GET /clusters/{name}
export interface Cluster extends ClusterBrief {
  uid: string | null; controls: ControlState[]; trend: TrendPoint[]; namespaces: { name: string; score: number | null; complete: boolean; parts: Record<string, "met" | "missing" | "unknown">; counts: Counts }[];
  gaps: Gap[]; diagnostics: { source: string; line: number; column: number; message: string; lost: boolean }[]; kinds: Record<string, number>;
}
export interface Gap { cluster: string; control: string; rule: string; reason: string; remedy: string }
// GET /compliance
export interface Compliance { controls: { id: string; title: string }[]; clusters: { name: string; cells: (ControlState | null)[] }[] }
// GET /findings?cluster=&namespace=&control=&severity=&rule=&kind=&name=&state=&fixable=&q=&since=&sort=severity|newest|oldest|subject (each repeatable where sensible) -> Page<FindingBrief> & {total}
// GET /findings/groups?by=rule|cause|cluster|namespace|control&<same filters> -> Page<Group>
export interface Group { key: string; label: string; rule: string | null; severity: Severity; findings: number; clusters: number; subjects: number; fixable: number }
// GET /findings/{cluster}/{fingerprint}
export interface Finding extends FindingBrief {
  evidence: { path: string; location: { file: string; line: number; column: number } | null; value: string | null; excerpt: string | null };
  why: string; fix: string; mapsTo: { standard: string; id: string }[];
  remedies: ({ op: "set" | "append"; path: string; value: unknown } | { op: "remove"; path: string } | { op: "add"; yaml: string })[];
  cause: Subject | null; history: { at: string; change: Change["change"] }[]; waivers: Waiver[];
}
// GET /workloads/{cluster}/{kind}/{namespace or "-"}/{name}
export interface Workload { cluster: string; subject: Subject; counts: Counts; controls: { id: string; title: string; counts: Counts }[]; findings: FindingBrief[]; history: Change[] }
// GET /rules -> Page<Rule>; GET /rules/{control}/{name}
export interface Rule { id: string; control: string; severity: Severity; title: string; why: string; fix: string; mapsTo: { standard: string; id: string }[]; open: number; clusters: number; examples?: { bad: string | null } }
// GET /waivers?state=&rule=&cluster= ; POST /waivers {rule,clusters,kind,namespace,name,key,reason,owner,expires} ; POST /waivers/bulk {findings:[{cluster,fingerprint}],reason,owner,expires}
// POST /waivers/{id}/approve | reject | revoke {comment}
export interface Waiver { id: string; rule: string; clusters: string[]; kind: string | null; namespace: string | null; name: string | null; key: string | null; reason: string; owner: string; expires: string; state: "requested" | "approved" | "rejected" | "expired" | "revoked"; requestedBy: string; requestedAt: string; decidedBy: string | null; decidedAt: string | null; comment: string | null; matches: number }
// GET /frameworks ; POST /frameworks (text/yaml, own framework) ; DELETE /frameworks/{id}
export interface FrameworkBrief { id: string; title: string; version: string; own: boolean; requirements: number; pass: number; fail: number; unknown: number; notAssessable: number }
// GET /frameworks/{id}?cluster=
export interface Framework extends FrameworkBrief { items: { id: string; title: string; verdict: Verdict | "not_assessable"; rules: { id: string; title: string; open: number; verdict: Verdict }[]; note: string | null }[] }
// GET /reports/formats ; GET /reports/download?format=&cluster=&framework= ; GET|POST /reports/schedules ; DELETE /reports/schedules/{id}
export interface ReportFormat { id: string; title: string; media: string; perFramework: boolean }
export interface Schedule { id: string; format: string; cluster: string | null; framework: string | null; cron: "daily" | "weekly" | "monthly"; route: string | null; lastRun: string | null; lastOutcome: string | null }
// GET /trail?actor=&action=&outcome=&object= -> Page<TrailEntry> ; GET /trail/verify -> {entries, intact, brokenAt}
export interface TrailEntry { seq: number; at: string; actor: string; action: string; object: string; outcome: "allowed" | "denied" | "failed"; detail: Record<string, unknown>; hash: string }
// GET /tokens ; POST /tokens {name,role,clusters,namespaces,expires} -> Token & {secret} ; DELETE /tokens/{id}
export interface Token { id: string; name: string; owner: string; role: Role; clusters: string[]; namespaces: string[]; created: string; expires: string; lastUsed: string | null }
// GET /roles -> RoleMapping ; PUT /roles {basedOn, groups} ; POST /roles/preview {groups} -> RolePreview ; GET /roles/versions
export interface RoleMapping { version: number; changedBy: string | null; changedAt: string | null; groups: { group: string; grants: RoleGrant[] }[] }
export interface RolePreview { users: { name: string; before: RoleGrant[]; after: RoleGrant[] }[] }
// GET /identity ; PUT /identity {name,issuer,clientId,clientSecret?,scopes,groupsClaim,enabled} ; POST /identity/test
export interface Identity { name: string; issuer: string; clientId: string; hasSecret: boolean; scopes: string[]; groupsClaim: string; enabled: boolean; localDisabled: boolean; redirectUri: string }
// GET /join-tokens ; POST /join-tokens {cluster,uses,hours,needsApproval,uid?} -> JoinToken & {secret, command} ; DELETE /join-tokens/{id}
export interface JoinToken { id: string; cluster: string | null; usesLeft: number; expires: string; needsApproval: boolean; createdBy: string }
// GET /agents ; POST /agents/{id}/approve ; POST /agents/{id}/revoke
export interface Agent { id: string; cluster: string; state: "joined" | "waiting" | "revoked"; version: string; protocol: number; certificateExpires: string | null; lastSeen: string | null; clusterUid: string }
// GET /notifications/routes ; POST ; PUT /{id} ; DELETE /{id} ; POST /{id}/test ; GET /notifications/deliveries?state= ; POST /notifications/deliveries/{id}/retry
export interface Route { id: string; name: string; kind: "webhook" | "slack" | "email"; target: string; hasSecret: boolean; minSeverity: Severity; controls: string[]; clusters: string[]; namespaces: string[]; digest: "none" | "hourly" | "daily"; enabled: boolean }
export interface Delivery { id: string; route: string; at: string; state: "pending" | "sent" | "dead"; attempts: number; nextAttempt: string | null; problem: string | null; summary: string }
// GET /status (any signed-in user): what /readyz says, for the banner
export interface Status { ready: boolean; problems: { part: string; message: string; since: string }[]; version: string; replicas: number }
// GET /events (server-sent events): event "change"
export interface ChangeEvent { kind: "evaluation" | "finding" | "waiver" | "agent" | "cluster" | "delivery" | "status"; cluster: string | null; at: string }
