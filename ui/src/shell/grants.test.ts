import { expect, test } from "vitest";
import { grantCovers, matches } from "./grants";

test("globs match as the plane's do", () => {
  expect(matches("prod-*", "prod-1")).toBe(true);
  expect(matches("prod-?", "prod-12")).toBe(false);
  expect(matches("a.c", "abc")).toBe(false);
  expect(matches("*", "anything\nat all")).toBe(true);
});

test("a grant with limits does not reach over everything", () => {
  const grant = { role: "operator" as const, clusters: ["shop-*"], namespaces: [] };
  expect(grantCovers(grant, "operator", ["shop-prod"])).toBe(true);
  expect(grantCovers(grant, "admin", ["shop-prod"])).toBe(false);
  expect(grantCovers(grant, "operator", ["shop-prod", "bank"])).toBe(false);
  // No cluster named means all of them.
  expect(grantCovers(grant, "operator", [])).toBe(false);
  expect(grantCovers({ ...grant, clusters: [] }, "viewer", [])).toBe(true);
  expect(grantCovers({ ...grant, clusters: ["*"] }, "viewer", [])).toBe(true);
  expect(grantCovers({ ...grant, namespaces: ["web"] }, "viewer", ["shop-prod"], [])).toBe(false);
});
