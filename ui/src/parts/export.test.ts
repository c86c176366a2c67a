import { expect, test } from "vitest";
import { csvField, toCsv } from "./export";

test("separators, quotes and line breaks are quoted", () => {
  expect(csvField('a,"b"\nc')).toBe('"a,""b""\nc"');
});

test("what a spreadsheet would run as a formula is made text", () => {
  for (const hostile of ["=1+1", "+1", "-1+2", "@SUM(A1)", "\t=1"]) expect(csvField(hostile).replace(/^"/, "").startsWith("'")).toBe(true);
  expect(csvField(-5)).toBe("-5");
});

test("nothing is an empty field", () => {
  expect(toCsv(["a", "b"], [[null, undefined]])).toBe("a,b\r\n,\r\n");
});
