// Every cluster that the plane knows, the ones in trouble first.
import { A } from "@solidjs/router";
import { createSignal, Show } from "solid-js";
import { createPages } from "../../api/query";
import { all } from "../../api/client";
import type { ClusterBrief } from "../../api/types";
import { countsWords, CountsStrip, number, total } from "../../parts/Badge";
import { DataTable, type Column } from "../../parts/DataTable";
import { Icon } from "../../parts/Icon";
import { Page } from "../../parts/Page";
import { percent, ScoreBar } from "../../parts/Score";
import { EmptyState, ErrorState, Skeleton } from "../../parts/States";
import { When } from "../../parts/When";
import { may } from "../../shell/session";
import { clusterHref } from "../links";
import { ClusterState, clusterStateWords, clusterTrouble } from "./ClusterState";

const SOURCES: Record<ClusterBrief["source"], string> = { agent: "Agent", folder: "Folder", context: "Kube context" };

export const CLUSTER_COLUMNS: readonly Column<ClusterBrief>[] = [
  {
    id: "name",
    title: "Cluster",
    value: (row) => row.name,
    cell: (row) => (
      <span class="two">
        <span>{row.name}</span>
        <span class="small faint" title={row.problem ?? row.detail}>
          {row.problem ?? row.detail}
        </span>
      </span>
    ),
  },
  {
    id: "state",
    title: "State",
    value: (row) => clusterTrouble(row.state),
    text: (row) => clusterStateWords(row.state),
    cell: (row) => <ClusterState state={row.state} />,
    width: "7rem",
  },
  { id: "score", title: "Score", value: (row) => row.score, cell: (row) => <ScoreBar score={row.score} />, width: "5.5rem" },
  { id: "coverage", title: "Seen", value: (row) => row.coverage, cell: (row) => percent(row.coverage), width: "5rem", end: true, priority: 2 },
  { id: "findings", title: "Open findings", value: (row) => total(row.counts), cell: (row) => <CountsStrip counts={row.counts} most={4} />, width: "15rem", priority: 2 },
  { id: "version", title: "Kubernetes", value: (row) => row.version, width: "7rem", priority: 3 },
  { id: "objects", title: "Objects", value: (row) => row.objects, cell: (row) => number(row.objects), width: "6rem", end: true, priority: 4 },
  { id: "source", title: "Source", value: (row) => SOURCES[row.source], width: "8rem", priority: 4 },
  { id: "evaluated", title: "Evaluated", value: (row) => row.lastEvaluation, cell: (row) => <When at={row.lastEvaluation} />, width: "8rem", priority: 4 },
  { id: "seen", title: "Last word", value: (row) => row.lastSeen, cell: (row) => <When at={row.lastSeen} />, width: "8rem", priority: 2 },
  { id: "severities", title: "By severity", value: (row) => countsWords(row.counts), priority: 5 },
];

export default function Clusters() {
  const clusters = createPages<ClusterBrief>(() => "/clusters", {
    on: ["cluster", "agent", "evaluation", "finding", "waiver"],
    limit: 500,
    says: "The clusters were updated.",
  });
  const [words, setWords] = createSignal("");
  const shown = () => {
    const wanted = words().trim().toLowerCase();
    const rows = [...clusters.rows()].sort((a, b) => clusterTrouble(b.state) - clusterTrouble(a.state) || (a.name < b.name ? -1 : 1));
    return wanted === "" ? rows : rows.filter((row) => `${row.name} ${row.detail} ${row.version ?? ""}`.toLowerCase().includes(wanted));
  };
  const add = () => (
    <Show when={may("admin")}>
      <A class="button primary" href="/settings/clusters">
        <Icon name="plus" />
        Add a cluster
      </A>
    </Show>
  );
  return (
    <Page title="Clusters" actions={add()}>
      <Show when={!clusters.loading() || clusters.rows().length > 0} fallback={<Skeleton lines={8} />}>
        <Show when={!clusters.error()} fallback={<Show when={clusters.error()}>{(error) => <ErrorState error={error()} retry={clusters.refetch} />}</Show>}>
          <div class="card">
            <Show
              when={clusters.rows().length > 0}
              fallback={
                <EmptyState title="No clusters yet" icon="clusters" action={add()}>
                  Install an agent with a join token, or start the plane with <code>--cluster NAME=SOURCE</code> to scan a folder or a kube context.
                </EmptyState>
              }
            >
              <DataTable
                caption="Clusters"
                columns={CLUSTER_COLUMNS}
                rows={shown()}
                total={words() === "" ? clusters.total() : undefined}
                onNear={clusters.more}
                everything={() => all<ClusterBrief>("/clusters")}
                rowKey={(row) => row.name}
                href={(row) => clusterHref(row.name)}
                tools={
                  <input
                    class="input small-input"
                    type="search"
                    aria-label="Search clusters"
                    placeholder="Name, version"
                    value={words()}
                    onInput={(event) => setWords(event.currentTarget.value)}
                  />
                }
                tall
              />
            </Show>
          </div>
        </Show>
      </Show>
    </Page>
  );
}
