// One control over the fleet: how it stands in each cluster, and which rules find most.
import { A } from "@solidjs/router";
import { Show } from "solid-js";
import { createPages, createQuery } from "../../api/query";
import { pathOf, withParams } from "../../api/client";
import type { Cluster, Compliance, ControlState, Group, Overview } from "../../api/types";
import { CountsStrip, countsWords, number, SEVERITIES, SeverityBadge, total, VerdictBadge, verdictWords } from "../../parts/Badge";
import { DataTable, type Column } from "../../parts/DataTable";
import { Icon } from "../../parts/Icon";
import { Page } from "../../parts/Page";
import { percent, ScoreBar, ScoreRing } from "../../parts/Score";
import { EmptyState, Loaded } from "../../parts/States";
import { TrendFigure } from "../../parts/TrendFigure";
import { clusterHref, findingsHref, ruleHref, useNames } from "../links";
import { GapsTable } from "../clusters/ClusterTables";
import { cellHref } from "./Compliance";
import "../clusters/cluster.css";

interface Row {
  cluster: string;
  state: ControlState | null;
}

const CLUSTERS: readonly Column<Row>[] = [
  { id: "cluster", title: "Cluster", value: (row) => row.cluster },
  { id: "verdict", title: "Verdict", value: (row) => verdictWords(row.state?.verdict ?? "unknown"), cell: (row) => <VerdictBadge verdict={row.state?.verdict ?? "unknown"} />, width: "7.5rem" },
  { id: "score", title: "Score", value: (row) => row.state?.score ?? null, cell: (row) => <ScoreBar score={row.state?.score ?? null} />, width: "5.5rem" },
  { id: "findings", title: "Open findings", value: (row) => (row.state ? total(row.state.counts) : null), cell: (row) => (row.state ? <CountsStrip counts={row.state.counts} /> : "–"), width: "16rem", priority: 2 },
  { id: "coverage", title: "Seen", value: (row) => row.state?.coverage ?? 0, cell: (row) => percent(row.state?.coverage ?? 0), width: "5rem", end: true, priority: 2 },
  { id: "examined", title: "Examined", value: (row) => row.state?.examined ?? 0, cell: (row) => number(row.state?.examined ?? 0), width: "7rem", end: true, priority: 3 },
  { id: "severities", title: "By severity", value: (row) => (row.state ? countsWords(row.state.counts) : ""), priority: 5 },
];

const RULES: readonly Column<Group>[] = [
  {
    id: "label",
    title: "Rule",
    value: (row) => row.label,
    cell: (row) => (
      <span class="two">
        <span>{row.label}</span>
        <span class="small faint">{row.key}</span>
      </span>
    ),
  },
  { id: "severity", title: "Severity", value: (row) => SEVERITIES.indexOf(row.severity), text: (row) => row.severity, cell: (row) => <SeverityBadge severity={row.severity} />, width: "6.5rem" },
  { id: "findings", title: "Findings", value: (row) => row.findings, cell: (row) => number(row.findings), width: "6rem", end: true },
  { id: "subjects", title: "Objects", value: (row) => row.subjects, cell: (row) => number(row.subjects), width: "6rem", end: true, priority: 2 },
  { id: "clusters", title: "Clusters", value: (row) => row.clusters, cell: (row) => number(row.clusters), width: "6rem", end: true, priority: 2 },
  { id: "fixable", title: "Fix as a diff", value: (row) => row.fixable, cell: (row) => number(row.fixable), width: "8rem", end: true, priority: 2 },
  { id: "docs", title: "About", value: (row) => row.rule ?? "", cell: (row) => (row.rule ? <A href={ruleHref(row.rule)}>Why and how</A> : "–"), width: "8rem", priority: 3, sort: false },
];

export default function Control() {
  const params = useNames<{ control: string }>();
  const id = () => params.control;
  const live = { on: ["evaluation", "finding", "waiver", "cluster"] as const };
  const overview = createQuery<Overview>(() => "/overview", live);
  const compliance = createQuery<Compliance>(() => "/compliance", live);
  const groups = createPages<Group>(() => withParams("/findings/groups", { by: "rule", control: id() }), { ...live, limit: 500 });
  const control = () => overview.data()?.controls.find((one) => one.id === id());
  const rows = (): Row[] => {
    const data = compliance.data();
    const at = data?.controls.findIndex((one) => one.id === id()) ?? -1;
    return at < 0 ? [] : (data?.clusters ?? []).map((one) => ({ cluster: one.name, state: one.cells[at] ?? null }));
  };
  /** One cluster that lacks something, as the example of what is missing. */
  const lacking = () => rows().find((row) => row.state !== null && (row.state.verdict === "unknown" || row.state.coverage < 100))?.cluster;
  const example = createQuery<Cluster>(() => {
    const name = lacking();
    return name === undefined ? null : `/clusters${pathOf(name)}`;
  });
  const gaps = () => (example.data()?.gaps ?? []).filter((gap) => gap.control === id());
  return (
    <Page
      title={control()?.title ?? id()}
      crumbs={<A href="/compliance">Compliance</A>}
      badge={<Show when={control()}>{(known) => <VerdictBadge verdict={known().verdict} />}</Show>}
      actions={
        <A class="button" href={findingsHref({ control: id() })}>
          <Icon name="findings" />
          Findings
        </A>
      }
    >
      <Loaded query={overview} lines={10}>
        {() => (
          <Show
            when={control()}
            fallback={
              <div class="card">
                <EmptyState title="No such control" action={<A class="button" href="/compliance">All controls</A>}>
                  <span class="break">There is no control {id()}.</span>
                </EmptyState>
              </div>
            }
          >
            {(known) => (
              <>
                <div class="cluster-head">
                  <section class="card cluster-facts" aria-label="Summary">
                    <ScoreRing score={known().score} coverage={known().coverage} label={known().title} size="large" />
                    <dl class="facts">
                      <dt>Open findings</dt>
                      <dd>
                        <A href={findingsHref({ control: id() })}>{number(total(known().counts))}</A> <Show when={total(known().counts) > 0}><CountsStrip counts={known().counts} /></Show>
                      </dd>
                      <dt>Clusters</dt>
                      <dd>
                        {known().clusters.pass} pass · {known().clusters.fail} fail · {known().clusters.unknown} unknown
                      </dd>
                      <dt>Examined</dt>
                      <dd>{number(known().examined)}</dd>
                      <dt>Seen</dt>
                      <dd>{percent(known().coverage)}</dd>
                      <dt>Layer, phase</dt>
                      <dd>
                        {known().layer}, {known().phase}
                      </dd>
                    </dl>
                  </section>
                  <TrendFigure title="Last 30 days" trend={known().trend} />
                </div>
                <Show when={known().examined === 0}>
                  <div class="notice warn">
                    <Icon name="alert" />
                    <span>
                      Nothing of this control was seen so far, so it is <strong>unknown</strong>, not passed.
                    </span>
                  </div>
                </Show>
                <Show when={known().examined > 0}>
                  <section class="card" aria-labelledby="rules-of-control">
                    <div class="card-head">
                      <h2 id="rules-of-control">By rule</h2>
                    </div>
                    <DataTable
                      caption={`Rules of ${known().title} with findings`}
                      columns={RULES}
                      rows={groups.rows()}
                      total={groups.total()}
                      onNear={groups.more}
                    hasMore={groups.hasMore()}
                      rowKey={(row) => row.key}
                      href={(row) => findingsHref({ rule: row.key })}
                      empty={
                        <EmptyState title={groups.loading() ? "Reading…" : "No open findings"} icon="check">
                          {groups.error()?.message ?? "What was seen of this control has no open finding."}
                        </EmptyState>
                      }
                      tall
                    />
                  </section>
                </Show>
                <section class="card" aria-labelledby="clusters-of-control">
                  <div class="card-head">
                    <h2 id="clusters-of-control">By cluster</h2>
                  </div>
                  <DataTable
                    caption={`${known().title} by cluster`}
                    columns={CLUSTERS}
                    rows={rows()}
                    rowKey={(row) => row.cluster}
                    href={(row) => (row.state === null ? clusterHref(row.cluster) : cellHref(row.cluster, id(), row.state))}
                  />
                </section>
                <Show when={gaps().length > 0}>
                  <section class="card" aria-labelledby="gaps-of-control">
                    <div class="card-head">
                      <h2 id="gaps-of-control">What is missing</h2>
                      <span class="small muted">
                        as in <A href={`${clusterHref(lacking() ?? "")}?tab=gaps`}>{lacking()}</A>
                      </span>
                    </div>
                    <GapsTable gaps={gaps()} controls={[known()]} />
                  </section>
                </Show>
              </>
            )}
          </Show>
        )}
      </Loaded>
    </Page>
  );
}
