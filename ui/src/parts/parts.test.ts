import { expect, test } from "vitest";
import { pathOf, withParams } from "../api/client";
import { countsWords, shortNumber } from "./numbers";
import { compare } from "./order";
import { padded, percent, segments } from "./trend";
import { relative } from "./time";

test("hostile names stay one segment of a path", () => {
  expect(pathOf("a/../b", "<img>", "?x#y")).toBe("/a%2F..%2Fb/%3Cimg%3E/%3Fx%23y");
});

test("lists repeat their key and empty values leave", () => {
  expect(withParams("/findings?x=1", { a: ["1", "2"], b: "", c: null, d: 0 })).toBe("/findings?x=1&a=1&a=2&d=0");
});

test("almost all is not all", () => {
  expect([percent(100), percent(99.7), percent(0.2), percent(0)]).toEqual(["100 %", ">99 %", "<1 %", "0 %"]);
});

test("a day without a score breaks the line", () => {
  const day = (score: number | null) => ({ day: "2026-01-01", score, open: 0 });
  expect(segments([day(50), day(51), day(null), day(52)], 120, 28)).toHaveLength(2);
  expect(segments([day(null)], 120, 28)).toEqual([]);
});

test("a young fleet has a dot at the right, not a line across", () => {
  const days = padded([{ day: "2026-03-01", score: 80, open: 3 }]);
  expect(days).toHaveLength(30);
  expect(days[0]?.day).toBe("2026-01-31");
  expect(segments(days, 120, 28)).toEqual(["M118.0 14.0l0.01 0"]);
});

test("what is not known sorts last, whichever way", () => {
  expect([3, null, 1].sort((a, b) => compare(a, b, 1))).toEqual([1, 3, null]);
  expect([3, null, 1].sort((a, b) => compare(a, b, -1))).toEqual([3, 1, null]);
  expect(["node-10", "node-9"].sort((a, b) => compare(a, b, 1))).toEqual(["node-9", "node-10"]);
});

test("times are told relative to now, days as whole days", () => {
  const now = Date.parse("2026-03-10T12:00:00Z");
  expect(relative("2026-03-10T11:59:55Z", now)).toBe("just now");
  expect(relative("2026-03-10T09:30:00Z", now)).toBe("2 hr. ago");
  expect(relative("2026-03-11", now)).toBe("tomorrow");
  expect(relative("nonsense", now)).toBe("nonsense");
});

test("counts say only what is there", () => {
  expect(countsWords({ critical: 1, high: 0, medium: 2000, low: 0, info: 0 })).toBe("1 critical, 2,000 medium");
  expect(shortNumber(999)).toBe("999");
  expect(shortNumber(1234)).toBe("1.2K");
});
