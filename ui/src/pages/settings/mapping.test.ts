import { expect, test } from "vitest";
import { edited, typed } from "./mapping";

test("what was saved comes back as it was", () => {
  const groups = [{ group: "security", grants: [{ role: "operator" as const, clusters: ["prod-*", "bank"], namespaces: [] }] }];
  expect(typed(edited(groups))).toEqual(groups);
});

test("lists take commas, spaces and no doubles", () => {
  const grant = { role: "viewer" as const, clusters: " a, b  a,", namespaces: "" };
  expect(typed([{ group: " team ", grants: [grant] }])).toEqual([{ group: "team", grants: [{ role: "viewer", clusters: ["a", "b"], namespaces: [] }] }]);
});
