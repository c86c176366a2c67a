// Talks to /api/v1: JSON, problems as errors, ETags remembered, cursors followed.
import type { Page, Problem } from "./types";

const BASE = "/api/v1";
const REMEMBERED = 200;

export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly field: string | null = null,
  ) {
    super(message);
  }
}

export type Params = Record<string, string | number | boolean | null | undefined | readonly string[]>;

/** A path with its query; empty values are left out and lists repeat their key. */
export function withParams(path: string, params: Params): string {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(params)) {
    if (Array.isArray(value)) for (const one of value) query.append(key, one);
    else if (value !== null && value !== undefined && value !== "") query.set(key, String(value));
  }
  const text = query.toString();
  return text === "" ? path : `${path}${path.includes("?") ? "&" : "?"}${text}`;
}

/** Path segments from names that may hold anything. */
export function pathOf(...segments: string[]): string {
  return segments.map((segment) => `/${encodeURIComponent(segment)}`).join("");
}

/** The address of an API path for links such as downloads. */
export function apiHref(path: string, params: Params = {}): string {
  return withParams(BASE + path, params);
}

let csrf = "";
export function setCsrf(value: string): void {
  csrf = value;
}

let signedOut: () => void = () => {};
/** What to do when the plane says that nobody is signed in. */
export function onSignedOut(act: () => void): void {
  signedOut = act;
}

const remembered = new Map<string, { etag: string; value: unknown }>();
/** Forgets every answer, as on signing out or in as somebody else. */
export function forgetAnswers(): void {
  remembered.clear();
}

/** GET. An unchanged answer (304) is the very object of last time, so that `===` tells whether anything is new. */
export async function get<T>(path: string, options: { signal?: AbortSignal } = {}): Promise<T> {
  const known = remembered.get(path);
  const headers: Record<string, string> = { accept: "application/json" };
  if (known) headers["if-none-match"] = known.etag;
  const response = await call(path, { headers, signal: options.signal ?? null });
  if (response.status === 304 && known) return known.value as T;
  const value = (await body(response, path)) as T;
  const etag = response.headers.get("etag");
  remembered.delete(path);
  if (etag) {
    remembered.set(path, { etag, value });
    const oldest = remembered.keys().next();
    if (remembered.size > REMEMBERED && !oldest.done) remembered.delete(oldest.value);
  }
  return value;
}

/** POST, PUT or DELETE with a JSON body; `undefined` for an answer without one. */
export async function send<T = void>(method: "POST" | "PUT" | "DELETE", path: string, payload?: unknown): Promise<T> {
  const json: Record<string, string> = payload === undefined ? {} : { "content-type": "application/json" };
  return raw<T>(method, path, payload === undefined ? null : JSON.stringify(payload), json);
}

/** The same with a body that is not JSON, such as a YAML file. */
export async function sendText<T = void>(method: "POST" | "PUT", path: string, text: string, type: string): Promise<T> {
  return raw<T>(method, path, text, { "content-type": type });
}

async function raw<T>(method: string, path: string, text: string | null, type: Record<string, string>): Promise<T> {
  const headers = { accept: "application/json", "x-rampart-csrf": csrf, ...type };
  const response = await call(path, { method, headers, body: text });
  if (response.status === 204) return undefined as T;
  return (await body(response, path)) as T;
}

/** Every item of a list, page by page, up to `most`. */
export async function all<T>(path: string, most = 100_000, progress?: (have: number) => void): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | null = null;
  do {
    // Not remembered: thousands of pages would push out what the views need.
    const response = await patiently(withParams(path, { limit: 500, cursor }));
    const page = (await body(response, path)) as Page<T>;
    items.push(...page.items);
    cursor = page.next;
    progress?.(items.length);
  } while (cursor !== null && items.length < most);
  return items;
}

const PATIENCE = 20;
/** GET that waits as long as the plane asks whoever reads much to slow down. */
async function patiently(path: string): Promise<Response> {
  for (let tries = 1; ; tries += 1) {
    const response = await call(path, { headers: { accept: "application/json" } });
    if (response.status !== 429 || tries === PATIENCE) return response;
    const seconds = Number(response.headers.get("retry-after")) || 1;
    await new Promise((resolve) => setTimeout(resolve, Math.min(seconds, 30) * 1000));
  }
}

async function call(path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(BASE + path, { credentials: "same-origin", ...init });
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === "AbortError") throw cause;
    throw new ApiError(0, "unreachable", "The plane cannot be reached. It may be restarting, or the network is down.");
  }
}

async function body(response: Response, path: string): Promise<unknown> {
  const text = await response.text();
  let value: unknown;
  try {
    value = text === "" ? undefined : JSON.parse(text);
  } catch {
    value = undefined;
  }
  if (response.ok) {
    if (value === undefined && text !== "") throw new ApiError(response.status, "not_json", `The answer of ${path} is not JSON.`);
    return value;
  }
  const problem = (value as Problem | undefined)?.error;
  if (response.status === 401 && !path.startsWith("/auth/")) signedOut();
  throw new ApiError(
    response.status,
    problem?.code ?? `http_${response.status}`,
    problem?.message ?? `The plane answered with status ${response.status}.`,
    problem?.field ?? null,
  );
}
