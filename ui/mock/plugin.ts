// A Vite plugin that answers /api/v1 from generated data, for development and screenshots. Never part of dist.
//
// RAMPART_MOCK=small|fleet (6 clusters and 1,500 findings | 42 and 100,000). `POST /__mock/state?set=` chooses what is
// played: normal, empty, error, slow, signed-out, first-run, problem, viewer.
import { createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Connect, Plugin } from "vite";
import { peopleRoutes } from "./people.ts";
import { reportRoutes } from "./reports.ts";
import { seenRoutes } from "./seen.ts";
import { settingsRoutes } from "./settings.ts";
import { waiverRoutes } from "./waivers.ts";
import { makeWorld, type World } from "./world.ts";

export interface Request {
  method: string;
  /** Decoded segments that the pattern's `:names` stand for. */
  at: Record<string, string>;
  query: URLSearchParams;
  body: Record<string, unknown>;
  text: string;
  mock: Mock;
}

export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly field?: string,
  ) {
    super(message);
  }
}

export interface Answer {
  status?: number;
  body?: unknown;
  csv?: string;
  file?: { name: string; type: string; text: string };
}

export type Handler = (request: Request) => Answer | unknown;
/** "GET /findings/:cluster/:fingerprint" to its handler. */
export type Routes = Record<string, Handler>;

export interface Mock {
  world: World;
  state: string;
  signedIn: boolean;
  /** Tells every open page. */
  tell: (kind: string, cluster: string | null) => void;
}

/** The policy that the plane sends with every page. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

export function answer(status: number, body: unknown): Answer {
  return { status, body, ...marker };
}
const marker = { __answer: true };
export function file(name: string, type: string, text: string): Answer {
  return { file: { name, type, text }, ...marker };
}

export function page<T>(items: readonly T[], query: URLSearchParams): { items: T[]; next: string | null; total: number } {
  const limit = Math.min(500, Number(query.get("limit") ?? 100));
  const from = Number(query.get("cursor") ?? 0);
  const to = from + limit;
  return { items: items.slice(from, to), next: to < items.length ? String(to) : null, total: items.length };
}

export function mockPlane(): Plugin {
  const small = process.env["RAMPART_MOCK"] !== "fleet";
  let mock: Mock | undefined;
  const streams = new Set<ServerResponse>();
  const tell = (kind: string, cluster: string | null) => {
    const data = JSON.stringify({ kind, cluster, at: new Date().toISOString() });
    for (const stream of streams) stream.write(`event: change\ndata: ${data}\n\n`);
  };
  const start = (root: string) => {
    mock ??= {
      world: makeWorld(root, small ? { clusters: 6, findings: 1500 } : { clusters: 42, findings: 100_000 }),
      state: "normal",
      signedIn: true,
      tell,
    };
    return mock;
  };
  const routes = compile({ ...seenRoutes, ...peopleRoutes, ...waiverRoutes, ...reportRoutes, ...settingsRoutes });

  const serve =
    (root: string): Connect.NextHandleFunction =>
    (request, response, next) => {
      const url = new URL(request.url ?? "/", "http://mock");
      const now = start(root);
      if (url.pathname === "/__mock/state") {
        now.state = url.searchParams.get("set") ?? "normal";
        now.signedIn = now.state !== "signed-out" && now.state !== "first-run";
        response.end(now.state);
        return;
      }
      if (url.pathname === "/__mock/change") {
        now.world.version += 1;
        tell("finding", url.searchParams.get("cluster"));
        response.end("told");
        return;
      }
      if (!url.pathname.startsWith("/api/v1/")) return next();
      const path = url.pathname.slice("/api/v1".length);
      if (path === "/events") {
        response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
        response.write(": hello\n\n");
        streams.add(response);
        request.on("close", () => streams.delete(response));
        return;
      }
      void readBody(request).then((text) => {
        const reply = () => respond(routes, now, request, response, path, url.searchParams, text);
        setTimeout(reply, now.state === "slow" ? 4000 : 30);
      });
    };

  return {
    name: "rampart-mock-plane",
    configureServer(server) {
      server.middlewares.use(serve(`${server.config.root}/..`));
    },
    configurePreviewServer(server) {
      server.middlewares.use((_request, response, next) => {
        response.setHeader("content-security-policy", POLICY);
        next();
      });
      server.middlewares.use(serve(`${server.config.root}/..`));
    },
  };
}

type Compiled = { method: string; parts: string[]; handle: Handler }[];
function compile(routes: Routes): Compiled {
  return Object.entries(routes).map(([key, handle]) => {
    const [method = "GET", path = "/"] = key.split(" ");
    return { method, parts: path.split("/").slice(1), handle };
  });
}

function match(parts: string[], path: string[]): Record<string, string> | null {
  if (parts.length !== path.length) return null;
  const at: Record<string, string> = {};
  for (const [index, part] of parts.entries()) {
    const given = path[index] ?? "";
    if (part.startsWith(":")) at[part.slice(1)] = decodeURIComponent(given);
    else if (part !== given) return null;
  }
  return at;
}

function respond(routes: Compiled, mock: Mock, request: IncomingMessage, response: ServerResponse, path: string, query: URLSearchParams, text: string): void {
  const method = request.method ?? "GET";
  const json = (status: number, value: unknown) => {
    const body = JSON.stringify(value);
    const etag = `"${createHash("sha1").update(body).digest("hex")}"`;
    if (method === "GET" && status === 200 && request.headers["if-none-match"] === etag) {
      response.writeHead(304, { etag }).end();
      return;
    }
    response.writeHead(status, { "content-type": "application/json", ...(status === 200 ? { etag } : {}) }).end(body);
  };
  try {
    const open = path.startsWith("/auth/");
    if (!open && !mock.signedIn) throw new Refusal(401, "signed_out", "Sign in first.");
    if (mock.state === "error" && !open && path !== "/session" && path !== "/status") throw new Refusal(503, "store_unavailable", "The database does not answer: connection refused. The plane tries again every second.");
    const segments = path.split("/").slice(1);
    for (const route of routes) {
      const at = route.method === method ? match(route.parts, segments) : null;
      if (!at) continue;
      let body: Record<string, unknown> = {};
      if ((request.headers["content-type"] ?? "").startsWith("application/json") && text) body = JSON.parse(text) as Record<string, unknown>;
      const value = route.handle({ method, at, query, body, text, mock });
      if (value === undefined) response.writeHead(204).end();
      else if (typeof value === "object" && value !== null && "__answer" in value) {
        const known = value as Answer;
        if (known.file) response.writeHead(200, { "content-type": known.file.type, "content-disposition": `attachment; filename="${known.file.name}"` }).end(known.file.text);
        else json(known.status ?? 200, known.body);
      } else json(200, value);
      return;
    }
    throw new Refusal(404, "not_found", `There is no ${method} ${path}.`);
  } catch (cause) {
    if (cause instanceof Refusal) json(cause.status, { error: { code: cause.code, message: cause.message, field: cause.field } });
    else json(500, { error: { code: "mock_failed", message: String(cause) } });
  }
}

function readBody(request: IncomingMessage): Promise<string> {
  return new Promise((resolve) => {
    let text = "";
    request.on("data", (chunk: Buffer) => (text += chunk.toString("utf8")));
    request.on("end", () => resolve(text));
  });
}
