// Every control in every cluster, as a map and as a table.
import { A, useSearchParams } from "@solidjs/router";
import { createMemo, Match, Show, Switch } from "solid-js";
import { createQuery } from "../../api/query";
import type { Compliance as ComplianceData, ControlState } from "../../api/types";
import { CountsStrip, countsWords, total, VerdictBadge, verdictWords } from "../../parts/Badge";
import { DataTable, type Column } from "../../parts/DataTable";
import { Icon } from "../../parts/Icon";
import { Page } from "../../parts/Page";
import { percent, ScoreBar } from "../../parts/Score";
import { EmptyState, Loaded } from "../../parts/States";
import { clusterHref, findingsHref } from "../links";
import { HeatMap } from "./HeatMap";
import "./compliance.css";

interface Cell {
  cluster: string;
  title: string;
  control: string;
  state: ControlState | null;
}

const COLUMNS: readonly Column<Cell>[] = [
  { id: "cluster", title: "Cluster", value: (row) => row.cluster },
  { id: "control", title: "Control", value: (row) => row.title },
  { id: "verdict", title: "Verdict", value: (row) => verdictWords(row.state?.verdict ?? "unknown"), cell: (row) => <VerdictBadge verdict={row.state?.verdict ?? "unknown"} />, width: "7.5rem" },
  { id: "score", title: "Score", value: (row) => row.state?.score ?? null, cell: (row) => <ScoreBar score={row.state?.score ?? null} />, width: "5.5rem" },
  { id: "coverage", title: "Seen", value: (row) => row.state?.coverage ?? 0, cell: (row) => percent(row.state?.coverage ?? 0), width: "5rem", end: true, priority: 2 },
  { id: "findings", title: "Open findings", value: (row) => (row.state ? total(row.state.counts) : null), cell: (row) => (row.state ? <CountsStrip counts={row.state.counts} /> : "–"), width: "16rem", priority: 2 },
  { id: "severities", title: "By severity", value: (row) => (row.state ? countsWords(row.state.counts) : ""), priority: 5 },
];

export function cellHref(cluster: string, control: string, state: ControlState | null): string {
  return state === null || state.examined === 0 ? `${clusterHref(cluster)}?tab=gaps` : findingsHref({ control, cluster });
}

export default function Compliance() {
  const [search, setSearch] = useSearchParams<{ view?: string; q?: string; sort?: string }>();
  const compliance = createQuery<ComplianceData>(() => "/compliance", { on: ["evaluation", "finding", "waiver", "cluster"], says: "The compliance map was updated." });
  const asTable = () => search.view === "table";

  /** A cluster's mean over what is known; nothing known sorts first, for it wants the most attention. */
  const mean = (cells: readonly (ControlState | null)[]) => {
    const scores = cells.map((cell) => cell?.score ?? null).filter((score) => score !== null);
    return scores.length === 0 ? -1 : scores.reduce((a, b) => a + b, 0) / scores.length;
  };
  const clusters = createMemo(() => {
    const wanted = (search.q ?? "").toLowerCase();
    const rows = (compliance.data()?.clusters ?? []).filter((one) => one.name.toLowerCase().includes(wanted));
    return search.sort === "name" ? rows : [...rows].sort((a, b) => mean(a.cells) - mean(b.cells));
  });
  const cells = createMemo(() => {
    const controls = compliance.data()?.controls ?? [];
    return clusters().flatMap((cluster) =>
      controls.map((control, at): Cell => ({ cluster: cluster.name, control: control.id, title: control.title, state: cluster.cells[at] ?? null })),
    );
  });

  return (
    <Page title="Compliance" lead="Every control in every cluster." actions={<A class="button" href="/frameworks"><Icon name="compliance" />Frameworks</A>}>
      <Loaded query={compliance} lines={12}>
        {(data) => (
          <Show
            when={data().clusters.length > 0}
            fallback={
              <div class="card">
                <EmptyState title="No clusters yet" icon="compliance" action={<A class="button primary" href="/clusters">Go to Clusters</A>}>
                  The map fills as soon as the first cluster was evaluated.
                </EmptyState>
              </div>
            }
          >
            <section class="card" aria-label="Compliance map">
              <div class="card-head">
                <div class="row">
                  <input
                    class="input small-input"
                    type="search"
                    aria-label="Search clusters"
                    placeholder="Search clusters"
                    value={search.q ?? ""}
                    onInput={(event) => setSearch({ q: event.currentTarget.value || undefined }, { replace: true, scroll: false })}
                  />
                  <label class="row small">
                    Order
                    <select class="input small-select" onChange={(event) => setSearch({ sort: event.currentTarget.value || undefined }, { replace: true, scroll: false })}>
                      <option value="" selected={search.sort !== "name"}>
                        Worst first
                      </option>
                      <option value="name" selected={search.sort === "name"}>
                        As named
                      </option>
                    </select>
                  </label>
                </div>
                <button type="button" class="button quiet small" aria-pressed={asTable()} onClick={() => setSearch({ view: asTable() ? undefined : "table" }, { scroll: false })}>
                  <Icon name="table" />
                  Table
                </button>
              </div>
              <Switch>
                <Match when={asTable()}>
                  <DataTable caption="Compliance" columns={COLUMNS} rows={cells()} rowKey={(row) => `${row.cluster} ${row.control}`} href={(row) => cellHref(row.cluster, row.control, row.state)} />
                </Match>
                <Match when={clusters().length === 0}>
                  <EmptyState title="No cluster has such a name">Change the search above.</EmptyState>
                </Match>
                <Match when={true}>
                  <HeatMap controls={data().controls} clusters={clusters()} />
                </Match>
              </Switch>
            </section>
          </Show>
        )}
      </Loaded>
    </Page>
  );
}
