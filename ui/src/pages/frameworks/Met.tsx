// How far a framework is met: a bar of four parts, with the same numbers in words beside it.
import { For } from "solid-js";
import type { FrameworkBrief } from "../../api/types";
import { number } from "../../parts/Badge";

type Counted = Pick<FrameworkBrief, "requirements" | "pass" | "fail" | "unknown" | "notAssessable">;

const PARTS = [
  { key: "pass", verdict: "pass", words: "pass" },
  { key: "fail", verdict: "fail", words: "fail" },
  { key: "unknown", verdict: "unknown", words: "unknown" },
  { key: "notAssessable", verdict: "not_assessable", words: "not assessable here" },
] as const;

export function Met(props: { counts: Counted }) {
  const widths = () => {
    let from = 0;
    return PARTS.map((part) => {
      const width = props.counts.requirements === 0 ? 0 : (props.counts[part.key] / props.counts.requirements) * 100;
      const at = from;
      from += width;
      return { ...part, at, width };
    });
  };
  return (
    <div class="met">
      <svg class="met-bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
        <For each={widths()}>{(part) => <rect data-verdict={part.verdict} x={part.at} width={part.width} height="6" />}</For>
      </svg>
      <ul class="met-words small">
        <For each={PARTS}>
          {(part) => (
            <li data-verdict={part.verdict} classList={{ none: props.counts[part.key] === 0 }}>
              <strong>{number(props.counts[part.key])}</strong> {part.words}
            </li>
          )}
        </For>
      </ul>
    </div>
  );
}
