// Words for screen readers only, in the shell's polite live region.
import { createSignal } from "solid-js";

const [spoken, setSpoken] = createSignal("");
export { spoken };

let last = "";
let timer: number | undefined;

/** Says a sentence politely; the same sentence again only after the region was emptied. */
export function announce(sentence: string): void {
  if (sentence === last) return;
  last = sentence;
  setSpoken(sentence);
  window.clearTimeout(timer);
  timer = window.setTimeout(() => {
    last = "";
    setSpoken("");
  }, 5000);
}
