import { expect, test } from "vitest";
import { blocks, spans } from "./blocks";

test("paragraphs, lists and fenced code are told apart", () => {
  expect(blocks("One\nline.\n\nDo this:\n- first\n  goes on\n- second\n\n```yaml\na: 1\n\nb: 2\n```\nEnd.")).toEqual([
    { kind: "paragraph", text: "One line." },
    { kind: "paragraph", text: "Do this:" },
    { kind: "list", items: ["first goes on", "second"] },
    { kind: "code", text: "a: 1\n\nb: 2" },
    { kind: "paragraph", text: "End." },
  ]);
  expect(blocks("```\nnever closed")).toEqual([{ kind: "code", text: "never closed" }]);
  expect(blocks("")).toEqual([]);
});

test("only pairs of backticks make code", () => {
  expect(spans("set `a` and `b")).toEqual([
    { code: false, text: "set " },
    { code: true, text: "a" },
    { code: false, text: " and `b" },
  ]);
});
