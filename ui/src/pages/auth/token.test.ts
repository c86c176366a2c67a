import { expect, test } from "vitest";
import { tokenOf } from "./token";

test("the token is the fragment, with or without its name", () => {
  expect(tokenOf("#rmpf_abc-123")).toBe("rmpf_abc-123");
  expect(tokenOf("#token=abc%2B1")).toBe("abc+1");
  expect(tokenOf("")).toBe("");
});
