// Severity, verdict and state: always words or a letter beside the colour.
import { For, Show } from "solid-js";
import type { Counts, FindingBrief, Severity, Verdict } from "../api/types";
import { Icon } from "./Icon";
import { countsWords, SEVERITIES, shortNumber } from "./numbers";
import "./badge.css";

export { countsWords, number, SEVERITIES, shortNumber, total } from "./numbers";

const SEVERITY_WORDS: Record<Severity, string> = { critical: "Critical", high: "High", medium: "Medium", low: "Low", info: "Info" };

export function severityWords(severity: Severity): string {
  return SEVERITY_WORDS[severity];
}

export function SeverityBadge(props: { severity: Severity }) {
  return (
    <span class="badge severity" data-severity={props.severity}>
      {SEVERITY_WORDS[props.severity]}
    </span>
  );
}

export type AnyVerdict = Verdict | "not_assessable";
const VERDICTS: Record<AnyVerdict, { words: string; icon: "check" | "cross" | null }> = {
  pass: { words: "Pass", icon: "check" },
  fail: { words: "Fail", icon: "cross" },
  unknown: { words: "Unknown", icon: null },
  not_assessable: { words: "Not assessable here", icon: null },
};

export function verdictWords(verdict: AnyVerdict): string {
  return VERDICTS[verdict].words;
}

/** Unknown is hatched and dashed: nobody may take it for a pass. */
export function VerdictBadge(props: { verdict: AnyVerdict; short?: boolean }) {
  return (
    <span class="badge verdict" data-verdict={props.verdict} title={VERDICTS[props.verdict].words}>
      <Show when={VERDICTS[props.verdict].icon} fallback={<span class="verdict-mark" aria-hidden="true">?</span>}>
        {(name) => <Icon name={name()} />}
      </Show>
      <span class={props.short ? "visually-hidden" : undefined}>{VERDICTS[props.verdict].words}</span>
    </span>
  );
}

/** A state of something, such as a waiver or an agent. */
export function StateBadge(props: { tone: "good" | "bad" | "warn" | "idle" | "unknown"; children: string }) {
  return (
    <span class="badge state-badge" data-tone={props.tone}>
      {props.children}
    </span>
  );
}

const FINDING_STATE: Record<FindingBrief["state"], { tone: "bad" | "warn" | "good"; words: string }> = {
  open: { tone: "bad", words: "Open" },
  waived: { tone: "warn", words: "Waived" },
  resolved: { tone: "good", words: "Resolved" },
};

export function FindingState(props: { state: FindingBrief["state"] }) {
  return <StateBadge tone={FINDING_STATE[props.state].tone}>{FINDING_STATE[props.state].words}</StateBadge>;
}

/** Counts by severity, as letter and number; zero severities are left out. */
export function CountsStrip(props: { counts: Counts; most?: number }) {
  const shown = () => SEVERITIES.filter((one) => props.counts[one] > 0).slice(0, props.most ?? 5);
  return (
    <span class="counts" title={countsWords(props.counts)}>
      <span class="visually-hidden">{countsWords(props.counts)}</span>
      <Show when={shown().length > 0} fallback={<span class="faint" aria-hidden="true">none</span>}>
        <For each={shown()}>
          {(one) => (
            <span class="count" data-severity={one} aria-hidden="true">
              <span class="count-letter">{one.charAt(0).toUpperCase()}</span>
              {shortNumber(props.counts[one])}
            </span>
          )}
        </For>
      </Show>
    </span>
  );
}
