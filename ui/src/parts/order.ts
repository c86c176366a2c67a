// How cells of tables are ordered.
import type { Cell } from "./export";

/** Nothing known sorts last, whichever way; numbers as numbers, words as people read them. */
export function compare(a: Cell, b: Cell, order: 1 | -1): number {
  const none = (cell: Cell) => cell === null || cell === undefined || cell === "";
  if (none(a) || none(b)) return none(a) ? (none(b) ? 0 : 1) : -1;
  if (typeof a === "number" && typeof b === "number") return (a - b) * order;
  return collator.compare(String(a), String(b)) * order;
}

const collator = new Intl.Collator("en", { numeric: true });
