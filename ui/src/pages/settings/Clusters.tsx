// Letting clusters in: tokens by which agents join, and the agents that did.
import { A } from "@solidjs/router";
import { createSignal, For, Show } from "solid-js";
import { pathOf, send } from "../../api/client";
import { createQuery } from "../../api/query";
import type { Agent, JoinToken, Page as List } from "../../api/types";
import { StateBadge } from "../../parts/Badge";
import { Confirm } from "../../parts/Confirm";
import { Icon } from "../../parts/Icon";
import { EmptyState, Loaded } from "../../parts/States";
import { toast } from "../../parts/Toast";
import { When } from "../../parts/When";
import { Settings } from "./Frame";
import { Join } from "./Join";

const TONE = { joined: "good", waiting: "warn", revoked: "idle" } as const;
const WORDS = { joined: "Joined", waiting: "Waits for approval", revoked: "Revoked" } as const;

export default function ClusterSettings() {
  const agents = createQuery<List<Agent>>(() => "/agents?limit=500", { on: ["agent", "cluster"], says: "The list of agents changed" });
  const tokens = createQuery<List<JoinToken>>(() => "/join-tokens", { on: ["agent"] });
  const [joining, setJoining] = createSignal(false);
  const [revoking, setRevoking] = createSignal<Agent>();
  const [approving, setApproving] = createSignal<Agent>();
  const [dropping, setDropping] = createSignal<JoinToken>();
  return (
    <Settings
      title="Clusters and agents"
      needs="admin"
      lead="An agent in each cluster watches it, judges there and sends verdicts; objects and secrets stay where they are."
      actions={
        <button type="button" class="button primary" onClick={() => setJoining(true)}>
          <Icon name="plus" />
          Join a cluster
        </button>
      }
    >
      <section class="card" aria-labelledby="agents">
        <div class="card-head">
          <h2 id="agents">Agents</h2>
        </div>
        <Loaded query={agents} lines={4}>
          {(known) => (
            <Show
              when={known().items.length > 0}
              fallback={
                <EmptyState title="No agent has joined" icon="clusters">
                  Make a token and run its command in the cluster. Folders and contexts that the plane reads itself are under <A href="/clusters">Clusters</A>.
                </EmptyState>
              }
            >
              <div class="scroll-x" tabindex="0" role="group" aria-label="Agents">
                <table class="plain-table">
                  <thead>
                    <tr>
                      <th scope="col">Cluster</th>
                      <th scope="col">State</th>
                      <th scope="col">Last word</th>
                      <th scope="col">Certificate ends</th>
                      <th scope="col">Version</th>
                      <th scope="col">Cluster uid</th>
                      <th scope="col">
                        <span class="visually-hidden">Actions</span>
                      </th>
                    </tr>
                  </thead>
                  <tbody>
                    <For each={known().items}>
                      {(agent) => (
                        <tr>
                          <th scope="row" class="break">
                            <A href={`/clusters${pathOf(agent.cluster)}`}>{agent.cluster}</A>
                          </th>
                          <td>
                            <StateBadge tone={TONE[agent.state]}>{WORDS[agent.state]}</StateBadge>
                          </td>
                          <td>
                            <When at={agent.lastSeen} />
                          </td>
                          <td>
                            <When at={agent.certificateExpires} none="none yet" />
                          </td>
                          <td>
                            {agent.version} <span class="faint small">protocol {agent.protocol}</span>
                          </td>
                          <td class="mono small" title={agent.clusterUid}>
                            {agent.clusterUid.slice(0, 8)}
                          </td>
                          <td>
                            <div class="row-end">
                              <Show when={agent.state === "waiting"}>
                                <button type="button" class="button small primary" aria-label={`Approve the agent of ${agent.cluster}`} onClick={() => setApproving(agent)}>
                                  Approve
                                </button>
                              </Show>
                              <Show when={agent.state !== "revoked"}>
                                <button type="button" class="button quiet small" aria-label={`Revoke the agent of ${agent.cluster}`} onClick={() => setRevoking(agent)}>
                                  Revoke
                                </button>
                              </Show>
                            </div>
                          </td>
                        </tr>
                      )}
                    </For>
                  </tbody>
                </table>
              </div>
            </Show>
          )}
        </Loaded>
      </section>
      <section class="card" aria-labelledby="join-tokens">
        <div class="card-head">
          <h2 id="join-tokens">Join tokens</h2>
        </div>
        <Loaded query={tokens} lines={2}>
          {(known) => (
            <Show when={known().items.length > 0} fallback={<p class="card-body muted">No token is open.</p>}>
              <div class="scroll-x" tabindex="0" role="group" aria-label="Join tokens">
                <table class="plain-table">
                  <thead>
                    <tr>
                      <th scope="col">For cluster</th>
                      <th scope="col">Uses left</th>
                      <th scope="col">Ends</th>
                      <th scope="col">Approval</th>
                      <th scope="col">Made by</th>
                      <th scope="col">
                        <span class="visually-hidden">Actions</span>
                      </th>
                    </tr>
                  </thead>
                  <tbody>
                    <For each={known().items}>
                      {(token) => (
                        <tr>
                          <th scope="row" class="break">
                            {token.cluster ?? "any new cluster"}
                          </th>
                          <td>{token.usesLeft}</td>
                          <td>
                            <When at={token.expires} />
                          </td>
                          <td>{token.needsApproval ? "needed" : "not needed"}</td>
                          <td class="break">{token.createdBy}</td>
                          <td class="num">
                            <button type="button" class="button quiet small" aria-label={`Remove the token for ${token.cluster ?? "any cluster"}`} onClick={() => setDropping(token)}>
                              Remove
                            </button>
                          </td>
                        </tr>
                      )}
                    </For>
                  </tbody>
                </table>
              </div>
            </Show>
          )}
        </Loaded>
      </section>
      <Join open={joining()} close={() => setJoining(false)} done={() => tokens.refetch()} />
      <Confirm
        open={approving() !== undefined}
        close={() => setApproving(undefined)}
        title="Approve this agent"
        verb="Approve"
        act={async () => {
          const agent = approving();
          if (!agent) return;
          await send("POST", `/agents${pathOf(agent.id)}/approve`);
          toast(`The agent of ${agent.cluster} may report`);
          agents.refetch();
        }}
      >
        <p>
          It says that it runs in <strong class="break">{approving()?.cluster}</strong>, whose <code>kube-system</code> namespace has the uid <code class="break">{approving()?.clusterUid}</code>. Compare it in the cluster:
        </p>
        <pre class="source" tabindex="0" role="group" aria-label="Command">
          kubectl get namespace kube-system -o jsonpath={"'{.metadata.uid}'"}
        </pre>
      </Confirm>
      <Confirm
        open={revoking() !== undefined}
        close={() => setRevoking(undefined)}
        title="Revoke this agent"
        verb="Revoke"
        danger
        act={async () => {
          const agent = revoking();
          if (!agent) return;
          await send("POST", `/agents${pathOf(agent.id)}/revoke`);
          toast(`The agent of ${agent.cluster} is refused from now on`);
          agents.refetch();
        }}
      >
        <p>
          The plane refuses its certificate from now on. What is known of <strong class="break">{revoking()?.cluster}</strong> stays; to come back it has to join again.
        </p>
      </Confirm>
      <Confirm
        open={dropping() !== undefined}
        close={() => setDropping(undefined)}
        title="Remove this token"
        verb="Remove"
        danger
        act={async () => {
          const token = dropping();
          if (!token) return;
          await send("DELETE", `/join-tokens${pathOf(token.id)}`);
          toast("The token joins nobody any more");
          tokens.refetch();
        }}
      >
        <p>Agents that joined with it stay.</p>
      </Confirm>
    </Settings>
  );
}
