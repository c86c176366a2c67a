import { expect, test } from "vitest";
import { returnPath } from "./returnPath";

test("a path of the plane is kept", () => {
  for (const path of ["/", "/findings?severity=high&q=a%20b#top", "/clusters/prod-1"]) expect(returnPath(path)).toBe(path);
});

test("anything else becomes the home page", () => {
  const wrong = ["", "//evil.example", "/\\evil.example", "https://evil.example", "javascript:alert(1)", "/\t/evil.example", "/a\r\nb", "evil.example", "/\u2028", "/a\\b", " /", "/api/v1/auth/oidc/start", "/sign-in?return=/sign-in", `/${"a".repeat(3000)}`];
  for (const path of [...wrong, null, undefined]) expect(returnPath(path), String(path)).toBe("/");
});
