// What to mend first: one cause, many findings gone.
import { A } from "@solidjs/router";
import type { FixFirst } from "../../api/types";
import { number, SEVERITIES, SeverityBadge } from "../../parts/Badge";
import { DataTable, type Column } from "../../parts/DataTable";
import { EmptyState } from "../../parts/States";
import { subjectWords } from "../../parts/Subject";
import { findingsHref, workloadPath } from "../links";

const COLUMNS: readonly Column<FixFirst>[] = [
  {
    id: "title",
    title: "What",
    value: (row) => (row.cause ? subjectWords(row.cause) : row.title),
    cell: (row) => (
      <span class="two">
        <span>{row.cause ? subjectWords(row.cause) : row.title}</span>
        <span class="small faint">{row.cause ? `worst: ${row.title}` : row.rule}</span>
      </span>
    ),
  },
  { id: "severity", title: "Severity", value: (row) => SEVERITIES.indexOf(row.severity), text: (row) => row.severity, cell: (row) => <SeverityBadge severity={row.severity} />, width: "6.5rem" },
  { id: "findings", title: "Findings", value: (row) => row.findings, cell: (row) => <strong>{number(row.findings)}</strong>, width: "5.5rem", end: true },
  { id: "subjects", title: "Objects", value: (row) => row.subjects, cell: (row) => number(row.subjects), width: "5.5rem", end: true, priority: 2 },
  { id: "clusters", title: "Clusters", value: (row) => row.clusters, cell: (row) => row.cluster ?? number(row.clusters), width: "8rem", end: true, priority: 2 },
  { id: "fixable", title: "Fix", value: (row) => row.fixable, cell: (row) => (row.fixable ? "as a diff" : <span class="faint">by hand</span>), width: "6rem", priority: 2 },
  { id: "worst", title: "Worst finding", value: (row) => row.title, priority: 5 },
  { id: "rule", title: "Rule", value: (row) => row.rule, width: "16rem", priority: 4 },
];

export function FixFirstCard(props: { items: readonly FixFirst[] }) {
  return (
    <section class="card" aria-labelledby="fix-first">
      <div class="card-head">
        <h2 id="fix-first">Fix these first</h2>
        <A href={findingsHref({ by: "cause" })} class="small">
          All causes
        </A>
      </div>
      <DataTable
        caption="Fix these first"
        columns={COLUMNS}
        rows={props.items}
        rowKey={(row) => `${row.rule} ${row.cluster ?? ""} ${row.cause ? subjectWords(row.cause) : ""}`}
        href={(row) => (row.cause && row.cluster ? workloadPath(row.cluster, row.cause) : findingsHref({ rule: row.rule, cluster: row.cluster }))}
        empty={
          <EmptyState title="Nothing to fix" icon="check">
            No open finding is left. What could not be seen is not counted here.
          </EmptyState>
        }
        tall
      />
    </section>
  );
}
