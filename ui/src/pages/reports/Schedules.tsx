// Reports that are made by the clock and sent by a route.
import { A } from "@solidjs/router";
import { createEffect, createSignal, For, on, Show } from "solid-js";
import { createAction } from "../../api/action";
import { apiHref, pathOf, send } from "../../api/client";
import { createQuery } from "../../api/query";
import type { ClusterBrief, FrameworkBrief, Page as List, ReportFormat, Route, Schedule } from "../../api/types";
import { Confirm } from "../../parts/Confirm";
import { Dialog } from "../../parts/Dialog";
import { FormProblem, SelectField } from "../../parts/Field";
import { Icon } from "../../parts/Icon";
import { EmptyState, Loaded } from "../../parts/States";
import { toast } from "../../parts/Toast";
import { When } from "../../parts/When";
import { lacks, mayOver } from "../../shell/roles";

const CRON: Record<Schedule["cron"], string> = { daily: "Every day", weekly: "Every Monday", monthly: "On the first of each month" };

interface Choices {
  formats: readonly ReportFormat[];
  clusters: readonly ClusterBrief[];
  frameworks: readonly FrameworkBrief[];
}

export function Schedules(props: Choices) {
  const schedules = createQuery<List<Schedule>>(() => "/reports/schedules", { on: ["delivery"] });
  const mayEdit = () => mayOver("operator", []);
  // Names of routes are for those who may see them; ids do for the others.
  const routes = createQuery<List<Route>>(() => (mayOver("admin", []) ? "/notifications/routes" : null));
  const [adding, setAdding] = createSignal(false);
  const [removing, setRemoving] = createSignal<Schedule>();
  const title = (one: Schedule) => props.formats.find((format) => format.id === one.format)?.title ?? one.format;
  const routeName = (id: string | null) => (id === null ? "Kept in the plane" : (routes.data()?.items.find((route) => route.id === id)?.name ?? id));
  const about = (one: Schedule) => [one.framework ? (props.frameworks.find((known) => known.id === one.framework)?.title ?? one.framework) : "All controls", one.cluster ?? "all clusters"].join(", ");
  return (
    <section class="card" aria-labelledby="schedules">
      <div class="card-head">
        <h2 id="schedules">By the clock</h2>
        <Show when={mayEdit()} fallback={<span class="faint small">{lacks("operator")}</span>}>
          <button type="button" class="button small" onClick={() => setAdding(true)}>
            <Icon name="plus" />
            New schedule
          </button>
        </Show>
      </div>
      <Loaded query={schedules} lines={3}>
        {(list) => (
          <Show
            when={list().items.length > 0}
            fallback={
              <EmptyState title="No report is made by the clock" icon="clock">
                A schedule makes a report every day, week or month and sends it by a route.
              </EmptyState>
            }
          >
            <div class="scroll-x" tabindex="0" role="group" aria-label="Schedules">
              <table class="plain-table">
                <thead>
                  <tr>
                    <th scope="col">Report</th>
                    <th scope="col">Of</th>
                    <th scope="col">When</th>
                    <th scope="col">Sent by</th>
                    <th scope="col">Last</th>
                    <th scope="col">
                      <span class="visually-hidden">Actions</span>
                    </th>
                  </tr>
                </thead>
                <tbody>
                  <For each={list().items}>
                    {(one) => (
                      <tr>
                        <th scope="row">{title(one)}</th>
                        <td class="break">{about(one)}</td>
                        <td>{CRON[one.cron]}</td>
                        <td class="break">{routeName(one.route)}</td>
                        <td>
                          <When at={one.lastRun} none="not yet" />
                          <Show when={one.lastOutcome}>{(outcome) => <p class="faint small break">{outcome()}</p>}</Show>
                          <Show when={one.lastRun && one.route === null}>
                            <p>
                              <a class="small" rel="external" download="" href={apiHref(`/reports/schedules${pathOf(one.id)}/latest`)}>
                                Download it
                              </a>
                            </p>
                          </Show>
                        </td>
                        <td class="num">
                          <Show when={mayEdit()}>
                            <button type="button" class="button quiet small" aria-label={`Remove the schedule of ${title(one)}`} onClick={() => setRemoving(one)}>
                              Remove
                            </button>
                          </Show>
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
      <Add {...props} routes={routes.data()?.items ?? []} open={adding()} close={() => setAdding(false)} done={() => schedules.refetch()} />
      <Confirm
        open={removing() !== undefined}
        close={() => setRemoving(undefined)}
        title="Remove this schedule"
        verb="Remove"
        danger
        act={async () => {
          const one = removing();
          if (!one) return;
          await send("DELETE", `/reports/schedules${pathOf(one.id)}`);
          toast("The schedule was removed");
          schedules.refetch();
        }}
      >
        <Show when={removing()}>
          {(one) => (
            <p>
              {title(one())} of {about(one())} will not be made any more.
            </p>
          )}
        </Show>
      </Confirm>
    </section>
  );
}

function Add(props: Choices & { routes: readonly Route[]; open: boolean; close: () => void; done: () => void }) {
  const [format, setFormat] = createSignal("");
  const [cluster, setCluster] = createSignal("");
  const [framework, setFramework] = createSignal("");
  const [cron, setCron] = createSignal<Schedule["cron"]>("weekly");
  const [route, setRoute] = createSignal("");
  const usable = () => props.formats.filter((one) => framework() === "" || one.perFramework);
  const chosen = () => (usable().some((one) => one.id === format()) ? format() : (usable()[0]?.id ?? ""));
  const add = createAction(async () => {
    await send("POST", "/reports/schedules", { format: chosen(), cluster: cluster() || null, framework: framework() || null, cron: cron(), route: route() || null });
    toast("The schedule was made");
    props.done();
    props.close();
  });
  createEffect(on(() => props.open, (open) => open && add.clear()));
  return (
    <Dialog title="New schedule" open={props.open} close={props.close}>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          void add.run();
        }}
      >
        <div class="form-pair">
          <SelectField label="Framework" value={framework()} onChange={setFramework} problem={add.of("framework")} options={[{ value: "", label: "All controls" }, ...props.frameworks.map((one) => ({ value: one.id, label: one.title }))]} />
          <SelectField label="Format" value={chosen()} onChange={setFormat} problem={add.of("format")} options={usable().map((one) => ({ value: one.id, label: one.title }))} />
          <SelectField label="Cluster" value={cluster()} onChange={setCluster} problem={add.of("cluster")} options={[{ value: "", label: "All clusters" }, ...props.clusters.map((one) => ({ value: one.name, label: one.name }))]} />
          <SelectField label="When" value={cron()} onChange={setCron} problem={add.of("cron")} options={(Object.keys(CRON) as Schedule["cron"][]).map((one) => ({ value: one, label: CRON[one] }))} />
        </div>
        <SelectField
          label="Sent by"
          value={route()}
          onChange={setRoute}
          problem={add.of("route")}
          hint={<>Routes are made under <A href="/settings/notifications">Settings, Notifications</A>. Times are midnight in UTC.</>}
          options={[{ value: "", label: "Kept in the plane, not sent" }, ...props.routes.map((one) => ({ value: one.id, label: `${one.name} (${one.kind})` }))]}
        />
        <FormProblem message={add.general(["framework", "format", "cluster", "cron", "route"])} />
        <div class="form-end">
          <button type="button" class="button" onClick={() => props.close()}>
            Cancel
          </button>
          <button type="submit" class="button primary" disabled={add.busy() || chosen() === ""}>
            Make the schedule
          </button>
        </div>
      </form>
    </Dialog>
  );
}
