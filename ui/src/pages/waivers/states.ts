import type { Waiver } from "../../api/types";

export type State = Waiver["state"];
export const STATES: readonly State[] = ["requested", "approved", "rejected", "expired", "revoked"];
export const STATE_WORDS: Record<State, string> = { requested: "Requested", approved: "In force", rejected: "Rejected", expired: "Expired", revoked: "Revoked" };
export const STATE_TONE: Record<State, "warn" | "good" | "bad" | "idle"> = { requested: "warn", approved: "good", rejected: "bad", expired: "idle", revoked: "idle" };
