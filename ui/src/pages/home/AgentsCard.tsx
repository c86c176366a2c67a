// Which clusters report, and which do not: the silent ones first.
import { A } from "@solidjs/router";
import { For, Show } from "solid-js";
import type { ClusterBrief, Overview } from "../../api/types";
import { number } from "../../parts/Badge";
import { When } from "../../parts/When";
import { ClusterState, clusterTrouble } from "../clusters/ClusterState";
import { clusterHref } from "../links";

const SHOWN = 8;

export function AgentsCard(props: { clusters: Overview["clusters"]; agents: readonly ClusterBrief[] }) {
  const ordered = () => [...props.agents].sort((a, b) => clusterTrouble(b.state) - clusterTrouble(a.state) || (a.name < b.name ? -1 : 1));
  return (
    <section class="card" aria-labelledby="agents">
      <div class="card-head">
        <h2 id="agents">Clusters reporting</h2>
        <span class="small muted">
          {number(props.clusters.up)} up · {number(props.clusters.late)} late · {number(props.clusters.never)} never seen
        </span>
      </div>
      <ul class="list">
        <For each={ordered().slice(0, SHOWN)}>
          {(agent) => (
            <li>
              <ClusterState state={agent.state} />
              <span class="cut">
                <A href={clusterHref(agent.name)}>{agent.name}</A>
                <Show when={agent.problem}>
                  {(problem) => (
                    <span class="cut small muted" title={problem()}>
                      {problem()}
                    </span>
                  )}
                </Show>
              </span>
              <span class="small muted">
                <When at={agent.lastSeen} none="not seen" />
              </span>
            </li>
          )}
        </For>
      </ul>
      <Show when={props.agents.length > SHOWN || props.clusters.total > SHOWN}>
        <p class="list-empty small">
          <A href="/clusters">All {number(props.clusters.total)} clusters</A>
        </p>
      </Show>
    </section>
  );
}
