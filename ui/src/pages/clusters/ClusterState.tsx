// Whether a cluster reports.
import type { ClusterBrief } from "../../api/types";
import { StateBadge } from "../../parts/Badge";

type State = ClusterBrief["state"];

const STATES: Record<State, { tone: "good" | "warn" | "bad" | "unknown"; words: string; trouble: number }> = {
  up: { tone: "good", words: "Up", trouble: 0 },
  never: { tone: "unknown", words: "Never seen", trouble: 1 },
  late: { tone: "warn", words: "Late", trouble: 2 },
  failed: { tone: "bad", words: "Failed", trouble: 3 },
};

export function ClusterState(props: { state: State }) {
  return <StateBadge tone={STATES[props.state].tone}>{STATES[props.state].words}</StateBadge>;
}

export function clusterStateWords(state: State): string {
  return STATES[state].words;
}

/** The higher, the more it wants somebody's eyes. */
export function clusterTrouble(state: State): number {
  return STATES[state].trouble;
}
