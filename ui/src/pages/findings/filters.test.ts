import { expect, test } from "vitest";
import { apiParams, causeHref, namespaceValue, sinceInstant } from "./filters";

test("repeated keys stay repeated and empty ones leave", () => {
  expect(apiParams({ severity: ["critical", "high"], q: "", cluster: "shop", by: "rule" }, 0)).toEqual({ severity: ["critical", "high"], cluster: ["shop"] });
});

test("the dimension whose options are wanted does not narrow itself", () => {
  expect(apiParams({ severity: "high", rule: "rbac/wildcard-verb" }, 0, "rule")).toEqual({ severity: ["high"] });
});

test("days back are whole hours, so that answers can be remembered", () => {
  expect(sinceInstant("7d", Date.parse("2026-05-10T10:42:11Z"))).toBe("2026-05-03T10:00:00.000Z");
  expect(sinceInstant("2026-01-01", 0)).toBe("2026-01-01");
});

test("a root cause leads to its object, whatever its name holds", () => {
  expect(causeHref("shop/ClusterRole/-/system:a/b")).toBe("/workloads/shop/ClusterRole/-/system%3Aa%2Fb");
  expect(causeHref("nonsense")).toBeNull();
  expect(namespaceValue("")).toBe("-");
});
