// One object and all that is known of it.
import { A } from "@solidjs/router";
import { For, Show } from "solid-js";
import { pathOf } from "../../api/client";
import { createQuery } from "../../api/query";
import type { FindingBrief, Workload as WorkloadData } from "../../api/types";
import { CountsStrip, countsWords, number, SEVERITIES, total } from "../../parts/Badge";
import { ChangeWord } from "../../parts/ChangeWord";
import { DataTable, type Column } from "../../parts/DataTable";
import { Page } from "../../parts/Page";
import { EmptyState, Loaded } from "../../parts/States";
import { When } from "../../parts/When";
import { FindingsTable } from "../findings/FindingsTable";
import { clusterHref, findingHref, findingsHref, useNames } from "../links";
import "../clusters/cluster.css";
import "../findings/finding.css";
import "./workload.css";

type ControlCounts = WorkloadData["controls"][number];

/** Open ones first, the gravest of them foremost. */
function worst(finding: FindingBrief): number {
  return SEVERITIES.indexOf(finding.severity) + (finding.state === "open" ? 0 : SEVERITIES.length);
}

/** What stands on the object itself, and what it causes at others. */
function parted(workload: WorkloadData): { own: FindingBrief[]; caused: FindingBrief[] } {
  const { kind, namespace, name } = workload.subject;
  const isOwn = ({ subject }: FindingBrief) => subject.kind === kind && subject.namespace === namespace && subject.name === name;
  const sorted = [...workload.findings].sort((a, b) => worst(a) - worst(b));
  return { own: sorted.filter(isOwn), caused: sorted.filter((finding) => !isOwn(finding)) };
}

export default function Workload() {
  const names = useNames<{ cluster: string; kind: string; namespace: string; name: string }>();
  const workload = createQuery<WorkloadData>(() => `/workloads${pathOf(names.cluster, names.kind, names.namespace, names.name)}`, {
    on: ["finding", "evaluation", "waiver"],
    cluster: () => names.cluster,
    says: "The object was updated.",
  });
  const namespace = () => (names.namespace === "-" ? null : names.namespace);
  const here = () => ({ cluster: names.cluster, kind: names.kind, namespace: namespace(), name: names.name });
  const columns: readonly Column<ControlCounts>[] = [
    { id: "title", title: "Control", value: (row) => row.title },
    { id: "open", title: "Open findings", value: (row) => total(row.counts), cell: (row) => <CountsStrip counts={row.counts} />, width: "14rem" },
    { id: "words", title: "By severity", value: (row) => countsWords(row.counts), priority: 5 },
  ];
  return (
    <Page
      title={names.name}
      crumbs={
        <>
          <span>
            <A href={clusterHref(names.cluster)}>{names.cluster}</A>
          </span>
          <Show when={namespace()}>
            {(space) => (
              <span>
                <A href={findingsHref({ cluster: names.cluster, namespace: space() })}>{space()}</A>
              </span>
            )}
          </Show>
          <span>{names.kind}</span>
        </>
      }
      lead={
        <Show when={workload.data()}>
          {(data) => (
            <span class="break">
              {data().subject.apiVersion} {data().subject.kind}
              {namespace() ? ` in namespace ${namespace()}` : ", cluster-wide"}
            </span>
          )}
        </Show>
      }
      actions={
        <A class="button" href={findingsHref(here())}>
          Filter and waive
        </A>
      }
    >
      <Loaded query={workload} lines={10}>
        {(data) => (
          <>
            <div class="workload-head">
              <section class="card" aria-labelledby="workload-controls">
                <div class="card-head">
                  <h2 id="workload-controls">{number(total(data().counts))} open findings</h2>
                  <CountsStrip counts={data().counts} />
                </div>
                <DataTable
                  caption="Controls with findings on this object"
                  columns={columns}
                  rows={data().controls}
                  rowKey={(row) => row.id}
                  href={(row) => findingsHref({ ...here(), control: row.id })}
                  empty={
                    <EmptyState title="No open findings" icon="check">
                      What was seen of this object is as it should be.
                    </EmptyState>
                  }
                />
              </section>
              <section class="card" aria-labelledby="workload-history">
                <div class="card-head">
                  <h2 id="workload-history">History</h2>
                </div>
                <ol class="card-body timeline">
                  <For each={data().history} fallback={<li class="muted">Nothing has changed since it was first seen.</li>}>
                    {(event) => (
                      <li class="history-row">
                        <ChangeWord change={event.change} />
                        <A href={findingHref(event.finding)} class="cut" title={event.finding.message}>
                          {event.finding.title}
                        </A>
                        <span class="small muted">
                          <When at={event.at} />
                        </span>
                      </li>
                    )}
                  </For>
                </ol>
              </section>
            </div>
            <Show when={parted(data()).own.length > 0 || parted(data()).caused.length === 0}>
              <section class="card" aria-labelledby="workload-findings">
                <div class="card-head">
                  <h2 id="workload-findings">On this object</h2>
                </div>
                <FindingsTable
                  caption={`Findings on ${names.kind} ${names.name}`}
                  rows={parted(data()).own}
                  empty={<EmptyState title="No findings">Nothing is known against this object.</EmptyState>}
                />
              </section>
            </Show>
            <Show when={parted(data()).caused.length > 0}>
              <section class="card" aria-labelledby="workload-caused">
                <div class="card-head">
                  <h2 id="workload-caused">Caused elsewhere</h2>
                  <span class="small muted">Mending this object mends these.</span>
                </div>
                <FindingsTable caption={`Findings that ${names.kind} ${names.name} causes`} rows={parted(data()).caused} />
              </section>
            </Show>
          </>
        )}
      </Loaded>
    </Page>
  );
}
