import { afterEach, expect, test, vi } from "vitest";
import { all, ApiError, forgetAnswers, get, onSignedOut, send, setCsrf } from "./client";

function answers(...list: [number, unknown, Record<string, string>?][]) {
  const asked: [string, RequestInit][] = [];
  vi.stubGlobal("fetch", (path: string, init: RequestInit) => {
    asked.push([path, init]);
    const [status, body, headers] = list.shift() ?? [500, null];
    return Promise.resolve(new Response(status === 304 || status === 204 ? null : JSON.stringify(body), { status, headers: headers ?? {} }));
  });
  return asked;
}

afterEach(() => {
  forgetAnswers();
  vi.unstubAllGlobals();
});

test("an unchanged answer is the very object of last time", async () => {
  const asked = answers([200, { a: 1 }, { etag: '"x"' }], [304, null]);
  const first = await get("/overview");
  expect(await get("/overview")).toBe(first);
  expect(asked[1]?.[1].headers).toMatchObject({ "if-none-match": '"x"' });
});

test("a problem of the plane is an error with its code and field", async () => {
  answers([422, { error: { code: "invalid", message: "no such day", field: "expires" } }]);
  const error = await send("POST", "/waivers", {}).catch((cause: unknown) => cause);
  expect(error).toBeInstanceOf(ApiError);
  expect(error).toMatchObject({ status: 422, code: "invalid", message: "no such day", field: "expires" });
});

test("changing calls carry the token against forged requests", async () => {
  setCsrf("secret");
  const asked = answers([204, null]);
  await send("DELETE", "/tokens/1");
  expect(asked[0]?.[1].headers).toMatchObject({ "x-rampart-csrf": "secret" });
});

test("whoever is signed out is told so once, but not while signing in", async () => {
  let told = 0;
  onSignedOut(() => (told += 1));
  answers([401, { error: { code: "wrong", message: "" } }], [401, { error: { code: "signed_out", message: "" } }]);
  await send("POST", "/auth/login", {}).catch(() => {});
  expect(told).toBe(0);
  await get("/overview").catch(() => {});
  expect(told).toBe(1);
});

test("a list is read to its end, slowing down when asked to", async () => {
  const asked = answers([200, { items: [1, 2], next: "c" }], [429, null, { "retry-after": "0.01" }], [200, { items: [3], next: null }]);
  expect(await all("/findings?state=open")).toEqual([1, 2, 3]);
  expect(asked.at(-1)?.[0]).toBe("/api/v1/findings?state=open&limit=500&cursor=c");
});
