// The waivers that touch a finding.
import { A } from "@solidjs/router";
import { For, Show } from "solid-js";
import type { Waiver } from "../../api/types";
import { StateBadge } from "../../parts/Badge";
import { When } from "../../parts/When";

const STATES: Record<Waiver["state"], { tone: "good" | "warn" | "bad" | "idle"; words: string }> = {
  requested: { tone: "warn", words: "Waits for approval" },
  approved: { tone: "good", words: "Approved" },
  rejected: { tone: "bad", words: "Rejected" },
  expired: { tone: "idle", words: "Expired" },
  revoked: { tone: "bad", words: "Revoked" },
};

export function WaiverList(props: { waivers: readonly Waiver[] }) {
  return (
    <Show when={props.waivers.length > 0}>
      <section class="card" aria-labelledby="finding-waivers">
        <div class="card-head">
          <h2 id="finding-waivers">Waivers</h2>
          <A href="/waivers" class="small">
            All waivers
          </A>
        </div>
        <ul class="card-body stack">
          <For each={props.waivers}>
            {(waiver) => (
              <li class="waiver">
                <div class="row">
                  <StateBadge tone={STATES[waiver.state].tone}>{STATES[waiver.state].words}</StateBadge>
                  <span class="small muted">
                    until <When at={waiver.expires} /> · owned by {waiver.owner}
                  </span>
                </div>
                <p class="break">{waiver.reason}</p>
                <p class="small muted break">
                  Requested by {waiver.requestedBy} <When at={waiver.requestedAt} />
                  <Show when={waiver.decidedBy}>
                    {(who) => (
                      <>
                        , decided by {who()} <When at={waiver.decidedAt} />
                      </>
                    )}
                  </Show>
                  <Show when={waiver.comment}>{(comment) => <>: “{comment()}”</>}</Show>
                </p>
              </li>
            )}
          </For>
        </ul>
      </section>
    </Show>
  );
}
