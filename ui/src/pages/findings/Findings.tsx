// Every finding, filtered and grouped as the address says.
import { A, useSearchParams } from "@solidjs/router";
import { createEffect, createMemo, createSignal, For, on, Show } from "solid-js";
import { all } from "../../api/client";
import { createPages } from "../../api/query";
import type { FindingBrief, Group } from "../../api/types";
import { number, SEVERITIES, SeverityBadge } from "../../parts/Badge";
import { DataTable, type Column } from "../../parts/DataTable";
import { Icon } from "../../parts/Icon";
import { Page } from "../../parts/Page";
import { EmptyState, ErrorState, Skeleton, StaleNotice } from "../../parts/States";
import { may } from "../../shell/session";
import { findingsHref } from "../links";
import { FilterBar } from "./FilterBar";
import { causeHref, GROUPINGS, namespaceValue, type Grouping } from "./filters";
import { findingKey, FindingsTable } from "./FindingsTable";
import { useFilters, type Filters } from "./useFilters";
import { ViewsMenu } from "./ViewsMenu";
import { WaiveDialog } from "./WaiveDialog";
import "./findings.css";

const LIVE = ["finding", "evaluation", "waiver"] as const;
const GROUPING_WORDS: Record<Grouping, string> = { cause: "Root cause", rule: "Rule", cluster: "Cluster", namespace: "Namespace", control: "Control" };

export default function Findings() {
  const filters = useFilters();
  return (
    <Page title="Findings" actions={<ViewsMenu />}>
      <FilterBar filters={filters} />
      <div class="grouping" role="group" aria-label="Group by">
        <span class="small muted" aria-hidden="true">
          Group by
        </span>
        <button type="button" class="button small" aria-pressed={filters.grouping() === null} onClick={() => filters.change({ by: undefined })}>
          Nothing
        </button>
        <For each={GROUPINGS}>
          {(by) => (
            <button type="button" class="button small" aria-pressed={filters.grouping() === by} onClick={() => filters.change({ by })}>
              {GROUPING_WORDS[by]}
            </button>
          )}
        </For>
      </div>
      <Show when={filters.grouping()} fallback={<List filters={filters} />} keyed>
        {(by) => <Groups filters={filters} by={by} />}
      </Show>
    </Page>
  );
}

function NoneMatch(props: { filters: Filters }) {
  return (
    <Show
      when={props.filters.active() > 0}
      fallback={
        <EmptyState title="No open findings" icon="check">
          Nothing that was seen is amiss. What could not be seen is under <A href="/compliance">Compliance</A>, marked unknown.
        </EmptyState>
      }
    >
      <EmptyState
        title="No finding matches"
        icon="findings"
        action={
          <button type="button" class="button" onClick={() => props.filters.clear()}>
            Clear all filters
          </button>
        }
      >
        Open findings are shown unless the filter “State” says otherwise.
      </EmptyState>
    </Show>
  );
}

function List(props: { filters: Filters }) {
  const path = createMemo(() => props.filters.path("/findings", { sort: props.filters.sort() }));
  const findings = createPages<FindingBrief>(path, { on: LIVE, keep: true, remember: true, says: "The findings were updated." });
  const [selected, setSelected] = createSignal<ReadonlySet<string>>(new Set());
  const [waiving, setWaiving] = createSignal(false);
  createEffect(on(path, () => setSelected(new Set<string>()), { defer: true }));
  const chosen = createMemo(() => findings.rows().filter((row) => selected().has(findingKey(row))));

  return (
    <>
      <StaleNotice error={findings.rows().length > 0 ? findings.error() : undefined} retry={findings.refetch} />
      <Show when={findings.stale()}>
        <div class="notice">
          <Icon name="refresh" />
          <span>The list changed while you were reading.</span>
          <button type="button" class="button small" onClick={() => findings.refetch()}>
            Show what is new
          </button>
        </div>
      </Show>
      <div class="card" aria-busy={findings.loading()}>
        <Show when={findings.rows().length > 0 || !findings.loading()} fallback={<Skeleton lines={10} />}>
          <Show when={findings.rows().length > 0 || !findings.error()} fallback={<Show when={findings.error()}>{(error) => <ErrorState error={error()} retry={findings.refetch} />}</Show>}>
            <FindingsTable
              caption="Findings"
              memory={path()}
              rows={findings.rows()}
              total={findings.total()}
              onNear={findings.more}
              everything={() => all<FindingBrief>(path())}
              sort={props.filters.sort()}
              onSort={(sort) => props.filters.change({ sort: sort === "severity" ? undefined : sort })}
              {...(may("viewer") ? { selected: selected(), onSelect: setSelected } : {})}
              tools={
                <Show when={selected().size > 0}>
                  <span class="small" role="status">
                    {number(chosen().length)} selected
                  </span>
                  <button type="button" class="button small primary" onClick={() => setWaiving(true)}>
                    <Icon name="waivers" />
                    Request waiver
                  </button>
                  <button type="button" class="button small" onClick={() => setSelected(new Set<string>())}>
                    Unselect
                  </button>
                </Show>
              }
              empty={<NoneMatch filters={props.filters} />}
            />
          </Show>
        </Show>
      </div>
      <WaiveDialog
        open={waiving()}
        close={() => setWaiving(false)}
        findings={chosen()}
        done={() => {
          setSelected(new Set<string>());
          findings.refetch();
        }}
      />
    </>
  );
}

function Groups(props: { filters: Filters; by: Grouping }) {
  const [search] = useSearchParams();
  const path = createMemo(() => props.filters.path("/findings/groups", { by: props.by }));
  const groups = createPages<Group>(path, { on: LIVE, keep: true, says: "The groups were updated." });
  const columns = (): readonly Column<Group>[] => [
    {
      id: "label",
      title: GROUPING_WORDS[props.by],
      value: (row) => row.label,
      cell: (row) => (
        <span class="two">
          <span title={row.label}>{row.label}</span>
          <span class="small faint">{row.key === row.label ? "" : (row.rule ?? row.key)}</span>
        </span>
      ),
    },
    { id: "severity", title: "Worst", value: (row) => SEVERITIES.indexOf(row.severity), text: (row) => row.severity, cell: (row) => <SeverityBadge severity={row.severity} />, width: "6.5rem" },
    { id: "findings", title: "Findings", value: (row) => row.findings, cell: (row) => <strong>{number(row.findings)}</strong>, width: "6rem", end: true },
    { id: "subjects", title: "Objects", value: (row) => row.subjects, cell: (row) => number(row.subjects), width: "6rem", end: true, priority: 2 },
    { id: "clusters", title: "Clusters", value: (row) => row.clusters, cell: (row) => number(row.clusters), width: "6rem", end: true, priority: 2 },
    { id: "fixable", title: "Fix as a diff", value: (row) => row.fixable, cell: (row) => number(row.fixable), width: "8rem", end: true, priority: 2 },
  ];
  /** The same filters, narrowed to one group. */
  const inside = (group: Group) => {
    const now: Record<string, string | string[] | undefined> = { ...search, by: undefined };
    if (props.by === "cause") return causeHref(group.key) ?? findingsHref({ ...now, rule: group.rule });
    now[props.by] = props.by === "namespace" ? namespaceValue(group.key) : group.key;
    return findingsHref(now);
  };
  return (
    <>
      <StaleNotice error={groups.rows().length > 0 ? groups.error() : undefined} retry={groups.refetch} />
      <div class="card" aria-busy={groups.loading()}>
        <Show when={groups.rows().length > 0 || !groups.loading()} fallback={<Skeleton lines={10} />}>
          <Show when={groups.rows().length > 0 || !groups.error()} fallback={<Show when={groups.error()}>{(error) => <ErrorState error={error()} retry={groups.refetch} />}</Show>}>
            <DataTable
              caption={`Findings by ${GROUPING_WORDS[props.by].toLowerCase()}`}
              columns={columns()}
              rows={groups.rows()}
              total={groups.total()}
              onNear={groups.more}
              hasMore={groups.hasMore()}
              everything={() => all<Group>(path())}
              rowKey={(row) => row.key}
              href={inside}
              empty={<NoneMatch filters={props.filters} />}
              tall
            />
          </Show>
        </Show>
      </div>
    </>
  );
}
