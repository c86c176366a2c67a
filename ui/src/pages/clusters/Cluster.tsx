// One cluster: how it stands, where, since when, and what could not be seen.
import { A, useNavigate, useSearchParams } from "@solidjs/router";
import { createSignal, Match, Show, Switch } from "solid-js";
import { pathOf, send } from "../../api/client";
import { asApiError, createQuery } from "../../api/query";
import type { Cluster as ClusterData } from "../../api/types";
import { CountsStrip, number, total } from "../../parts/Badge";
import { Icon } from "../../parts/Icon";
import { Page } from "../../parts/Page";
import { percent, ScoreRing } from "../../parts/Score";
import { Loaded } from "../../parts/States";
import { Tabs } from "../../parts/Tabs";
import { toast } from "../../parts/Toast";
import { TrendFigure } from "../../parts/TrendFigure";
import { When } from "../../parts/When";
import { may } from "../../shell/session";
import { findingsHref, useNames } from "../links";
import { ClusterState } from "./ClusterState";
import { ControlsTable, DiagnosticsTable, GapsTable, KindsTable } from "./ClusterTables";
import { NamespacesTable } from "./NamespacesTable";
import "./cluster.css";

const TABS = ["controls", "namespaces", "gaps", "diagnostics", "kinds"] as const;
type TabId = (typeof TABS)[number];

export default function Cluster() {
  const params = useNames<{ cluster: string }>();
  const [search, setSearch] = useSearchParams<{ tab?: string }>();
  const navigate = useNavigate();
  const [busy, setBusy] = createSignal(false);
  const name = () => params.cluster;
  const cluster = createQuery<ClusterData>(() => `/clusters${pathOf(name())}`, {
    on: ["evaluation", "finding", "waiver", "agent", "cluster"],
    cluster: name,
    says: "The cluster was updated.",
  });
  const tab = (): TabId => TABS.find((one) => one === search.tab) ?? "controls";

  const rescan = async () => {
    setBusy(true);
    try {
      await send("POST", `/clusters${pathOf(name())}/rescan`);
      toast(`${name()} is being evaluated anew.`);
    } catch (cause) {
      toast(asApiError(cause).message, { bad: true });
    } finally {
      setBusy(false);
    }
  };

  return (
    <Page
      title={name()}
      crumbs={<A href="/clusters">Clusters</A>}
      badge={<Show when={cluster.data()}>{(data) => <ClusterState state={data().state} />}</Show>}
      actions={
        <>
          <Show when={may("operator")}>
            <button type="button" class="button" disabled={busy()} onClick={() => void rescan()}>
              <Icon name="refresh" />
              Evaluate now
            </button>
          </Show>
          <button type="button" class="button" onClick={() => navigate(findingsHref({ cluster: name() }))}>
            <Icon name="findings" />
            Findings
          </button>
        </>
      }
    >
      <Loaded query={cluster} lines={10}>
        {(data) => (
          <>
            <Show when={data().problem}>
              {(problem) => (
                <div class="notice bad">
                  <Icon name="alert" />
                  <span class="break">{problem()}</span>
                </div>
              )}
            </Show>
            <div class="cluster-head">
              <section class="card cluster-facts" aria-label="Summary">
                <ScoreRing score={data().score} coverage={data().coverage} label={data().name} size="large" />
                <dl class="facts">
                  <dt>Open findings</dt>
                  <dd>
                    <A href={findingsHref({ cluster: data().name })}>{number(total(data().counts))}</A> <Show when={total(data().counts) > 0}><CountsStrip counts={data().counts} /></Show>
                  </dd>
                  <dt>Seen</dt>
                  <dd>{percent(data().coverage)}</dd>
                  <dt>Kubernetes</dt>
                  <dd>{data().version ?? "not known"}</dd>
                  <dt>Objects</dt>
                  <dd>{number(data().objects)}</dd>
                  <dt>Source</dt>
                  <dd class="break">
                    {data().source}: {data().detail}
                  </dd>
                  <dt>Last evaluation</dt>
                  <dd>
                    <When at={data().lastEvaluation} />
                  </dd>
                  <dt>Last word</dt>
                  <dd>
                    <When at={data().lastSeen} />
                  </dd>
                  <Show when={data().uid}>
                    {(uid) => (
                      <>
                        <dt>Identity</dt>
                        <dd class="mono break">{uid()}</dd>
                      </>
                    )}
                  </Show>
                </dl>
              </section>
              <TrendFigure title="Last 30 days" trend={data().trend} />
            </div>
            <Tabs<TabId>
              label="Of this cluster"
              tabs={[
                { id: "controls", title: "Controls" },
                { id: "namespaces", title: "Namespaces", count: data().namespaces.length },
                { id: "gaps", title: "Not seen", count: data().gaps.length },
                { id: "diagnostics", title: "Reading problems", count: data().diagnostics.length },
                { id: "kinds", title: "Objects by kind" },
              ]}
              active={tab()}
              choose={(next) => setSearch({ tab: next === "controls" ? undefined : next }, { replace: true, scroll: false })}
            >
              {(active) => (
                <div class="card">
                  <Switch>
                    <Match when={active === "controls"}>
                      <ControlsTable cluster={data().name} controls={data().controls} />
                    </Match>
                    <Match when={active === "namespaces"}>
                      <NamespacesTable cluster={data().name} namespaces={data().namespaces} />
                    </Match>
                    <Match when={active === "gaps"}>
                      <GapsTable gaps={data().gaps} controls={data().controls} />
                    </Match>
                    <Match when={active === "diagnostics"}>
                      <DiagnosticsTable diagnostics={data().diagnostics} />
                    </Match>
                    <Match when={active === "kinds"}>
                      <KindsTable kinds={data().kinds} />
                    </Match>
                  </Switch>
                </div>
              )}
            </Tabs>
          </>
        )}
      </Loaded>
    </Page>
  );
}
