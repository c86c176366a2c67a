// Where news goes, and what became of each message.
import { useSearchParams } from "@solidjs/router";
import { createSignal, For, Show } from "solid-js";
import { createAction } from "../../api/action";
import { pathOf, send, withParams } from "../../api/client";
import { createPages, createQuery } from "../../api/query";
import type { Delivery, Page as List, Route } from "../../api/types";
import { severityWords, StateBadge } from "../../parts/Badge";
import { Confirm } from "../../parts/Confirm";
import { FormProblem, SelectField } from "../../parts/Field";
import { Icon } from "../../parts/Icon";
import { EmptyState, ErrorState, Loaded, Skeleton } from "../../parts/States";
import { toast } from "../../parts/Toast";
import { When } from "../../parts/When";
import { Settings } from "./Frame";
import { MailServer } from "./MailServer";
import { KIND_WORDS, RouteEditor } from "./RouteEditor";

const DIGEST: Record<Route["digest"], string> = { none: "at once", hourly: "each hour", daily: "each day" };

export default function Notifications() {
  const routes = createQuery<List<Route>>(() => "/notifications/routes");
  const [editing, setEditing] = createSignal<Route | "new">();
  const [removing, setRemoving] = createSignal<Route>();
  return (
    <Settings
      title="Notifications"
      needs="admin"
      lead="A route sends what opens, closes or is waived to a webhook, a chat or a mailbox. Nothing is sent twice."
      actions={
        <button type="button" class="button primary" onClick={() => setEditing("new")}>
          <Icon name="plus" />
          New route
        </button>
      }
    >
      <section class="card" aria-labelledby="routes">
        <div class="card-head">
          <h2 id="routes">Routes</h2>
        </div>
        <Loaded query={routes} lines={3}>
          {(known) => (
            <Show
              when={known().items.length > 0}
              fallback={
                <EmptyState title="Nobody is told" icon="alert">
                  Make a route; it can be tested before anything happens.
                </EmptyState>
              }
            >
              <div class="scroll-x" tabindex="0" role="group" aria-label="Routes">
                <table class="plain-table">
                  <thead>
                    <tr>
                      <th scope="col">Name</th>
                      <th scope="col">By</th>
                      <th scope="col">What</th>
                      <th scope="col">When</th>
                      <th scope="col">State</th>
                      <th scope="col">
                        <span class="visually-hidden">Actions</span>
                      </th>
                    </tr>
                  </thead>
                  <tbody>
                    <For each={known().items}>
                      {(route) => (
                        <tr>
                          <th scope="row" class="break">
                            {route.name}
                          </th>
                          <td class="break">
                            {KIND_WORDS[route.kind]}
                            <p class="faint small">{route.target}</p>
                          </td>
                          <td class="break">{what(route)}</td>
                          <td>{DIGEST[route.digest]}</td>
                          <td>
                            <StateBadge tone={route.enabled ? "good" : "idle"}>{route.enabled ? "On" : "Off"}</StateBadge>
                          </td>
                          <td>
                            <div class="row-end">
                              <Test route={route} />
                              <button type="button" class="button small" aria-label={`Edit ${route.name}`} onClick={() => setEditing(route)}>
                                Edit
                              </button>
                              <button type="button" class="button quiet small" aria-label={`Remove ${route.name}`} onClick={() => setRemoving(route)}>
                                Remove
                              </button>
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
      <Deliveries routes={routes.data()?.items ?? []} />
      <MailServer />
      <RouteEditor editing={editing()} close={() => setEditing(undefined)} done={() => routes.refetch()} />
      <Confirm
        open={removing() !== undefined}
        close={() => setRemoving(undefined)}
        title="Remove this route"
        verb="Remove"
        danger
        act={async () => {
          const route = removing();
          if (!route) return;
          await send("DELETE", `/notifications/routes${pathOf(route.id)}`);
          toast(`${route.name} was removed`);
          routes.refetch();
        }}
      >
        <p>
          Nothing is sent by <strong class="break">{removing()?.name}</strong> any more, not even what waits.
        </p>
      </Confirm>
    </Settings>
  );
}

function what(route: Route): string {
  const parts = [route.minSeverity === "info" ? "every severity" : `${severityWords(route.minSeverity)} and above`];
  if (route.controls.length) parts.push(`controls ${route.controls.join(", ")}`);
  if (route.clusters.length) parts.push(`clusters ${route.clusters.join(", ")}`);
  if (route.namespaces.length) parts.push(`namespaces ${route.namespaces.join(", ")}`);
  return parts.join("; ");
}

function Test(props: { route: Route }) {
  const test = createAction(async () => {
    await send("POST", `/notifications/routes${pathOf(props.route.id)}/test`);
    toast(`A test was sent by ${props.route.name}`);
  });
  const run = async () => {
    if (!(await test.run())) toast(`${props.route.name}: ${test.error()?.message ?? "the test failed"}`, { bad: true });
  };
  return (
    <button type="button" class="button small" disabled={test.busy()} aria-label={`Send a test by ${props.route.name}`} onClick={() => void run()}>
      {test.busy() ? "Sending" : "Test"}
    </button>
  );
}

type DeliveryState = Delivery["state"];
const STATE: Record<DeliveryState, { tone: "good" | "bad" | "warn"; words: string }> = {
  sent: { tone: "good", words: "Sent" },
  pending: { tone: "warn", words: "Waits" },
  dead: { tone: "bad", words: "Given up" },
};

function Deliveries(props: { routes: readonly Route[] }) {
  const [search, setSearch] = useSearchParams<{ state?: string }>();
  const list = createPages<Delivery>(() => withParams("/notifications/deliveries", { state: search.state }), { on: ["delivery"], keep: true, limit: 100 });
  const name = (id: string) => props.routes.find((route) => route.id === id)?.name ?? id;
  const retry = createAction(async (delivery: Delivery) => {
    await send("POST", `/notifications/deliveries${pathOf(delivery.id)}/retry`);
    toast("It is tried again in a moment");
    list.refetch();
  });
  return (
    <section class="card" aria-labelledby="deliveries">
      <div class="card-head">
        <h2 id="deliveries">Messages</h2>
        <SelectField
          label="State"
          value={search.state ?? ""}
          options={[{ value: "", label: "All" }, ...(Object.keys(STATE) as DeliveryState[]).map((one) => ({ value: one as string, label: STATE[one].words }))]}
          onChange={(state) => setSearch({ state: state || null }, { replace: true })}
        />
      </div>
      <FormProblem message={retry.general()} />
      <Show when={!list.loading() || list.rows().length > 0} fallback={<Skeleton lines={3} />}>
        <Show when={!list.error()} fallback={<Show when={list.error()}>{(error) => <ErrorState error={error()} retry={list.refetch} />}</Show>}>
          <Show when={list.rows().length > 0} fallback={<p class="card-body muted">{search.state ? "No message is in this state." : "Nothing has been sent yet."}</p>}>
            <div class="scroll-x" tabindex="0" role="group" aria-label="Messages">
              <table class="plain-table">
                <thead>
                  <tr>
                    <th scope="col">When</th>
                    <th scope="col">Route</th>
                    <th scope="col">Message</th>
                    <th scope="col">State</th>
                    <th scope="col" class="num">
                      Tries
                    </th>
                    <th scope="col">
                      <span class="visually-hidden">Actions</span>
                    </th>
                  </tr>
                </thead>
                <tbody>
                  <For each={list.rows()}>
                    {(delivery) => (
                      <tr>
                        <td>
                          <When at={delivery.at} />
                        </td>
                        <th scope="row" class="break">
                          {name(delivery.route)}
                        </th>
                        <td class="break">
                          {delivery.summary}
                          <Show when={delivery.problem}>{(problem) => <p class="small tone-bad">{problem()}</p>}</Show>
                        </td>
                        <td>
                          <StateBadge tone={STATE[delivery.state].tone}>{STATE[delivery.state].words}</StateBadge>
                          <Show when={delivery.state === "pending" && delivery.nextAttempt}>
                            {(at) => (
                              <p class="faint small">
                                next <When at={at()} />
                              </p>
                            )}
                          </Show>
                        </td>
                        <td class="num">{delivery.attempts}</td>
                        <td class="num">
                          <Show when={delivery.state === "dead"}>
                            <button type="button" class="button small" disabled={retry.busy()} aria-label={`Try again: ${delivery.summary}`} onClick={() => void retry.run(delivery)}>
                              Try again
                            </button>
                          </Show>
                        </td>
                      </tr>
                    )}
                  </For>
                </tbody>
              </table>
            </div>
            <Show when={list.hasMore()}>
              <div class="card-body">
                <button type="button" class="button" onClick={() => list.more()}>
                  Show more
                </button>
              </div>
            </Show>
          </Show>
        </Show>
      </Show>
    </section>
  );
}
