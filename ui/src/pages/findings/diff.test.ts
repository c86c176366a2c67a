import { expect, test } from "vitest";
import { diffOf, scalar, steps, yaml } from "./diff";

const pod = { apiVersion: "apps/v1", kind: "Deployment", namespace: "shop", name: "cart" };
const text = (lines: { mark: string; text: string }[]) => lines.map((line) => line.mark + line.text).join("\n");

test("a path with indexes and quoted keys is taken apart", () => {
  expect(steps('spec.containers[10].env["a.b\\"c"].x')).toEqual(["spec", "containers", 10, "env", 'a.b"c', "x"]);
});

test("several remedies share the maps that hold them", () => {
  const lines = diffOf(
    pod,
    [
      { op: "set", path: "spec.containers[0].securityContext.privileged", value: false },
      { op: "append", path: "spec.containers[0].securityContext.capabilities.drop", value: "ALL" },
    ],
    { path: "spec.containers[0].securityContext.privileged", value: "true" },
  );
  expect(text(lines.slice(5))).toBe(
    [
      " spec:",
      "   containers:",
      "     - # item 1",
      "       securityContext:",
      "-        privileged: true",
      "+        privileged: false",
      "         capabilities:",
      "           drop:",
      "+            - ALL",
    ].join("\n"),
  );
});

test("a removed field shows what stood there only if the evidence knows it", () => {
  const lines = diffOf(pod, [{ op: "remove", path: "spec.hostNetwork" }], { path: "spec.other", value: "x" });
  expect(text(lines.slice(-2))).toBe(" spec:\n-  hostNetwork: …");
});

test("a new object stands below, marked as new", () => {
  const lines = diffOf(pod, [{ op: "add", yaml: "kind: NetworkPolicy\nspec: {}\n" }], { path: "", value: null });
  expect(text(lines)).toBe("+kind: NetworkPolicy\n+spec: {}");
});

test("strings that YAML would read as something else are quoted", () => {
  for (const hostile of ["true", "no", "", "1", "a: b", "- x", "#x", "a #b", "{}", "*x", "a\nb"]) expect(scalar(hostile)).toBe(JSON.stringify(hostile));
  for (const plain of ["cart", "apps/v1", "kubernetes.io/name", "registry.example/a:1.2"]) expect(scalar(plain)).toBe(plain);
});

test("nested values become block lines", () => {
  expect(yaml({ a: [1, { b: "x" }], c: {} }, "")).toEqual(["a:", "  - 1", "  - b: x", "c: {}"]);
});
