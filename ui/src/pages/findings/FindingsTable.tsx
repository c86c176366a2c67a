// Findings as rows: what, where, since when.
import type { JSX } from "solid-js";
import type { FindingBrief } from "../../api/types";
import { FindingState, SEVERITIES, SeverityBadge } from "../../parts/Badge";
import { DataTable, type Column, type Sort } from "../../parts/DataTable";
import { Icon } from "../../parts/Icon";
import { SubjectText, subjectWords } from "../../parts/Subject";
import { When } from "../../parts/When";
import { findingHref } from "../links";
import type { SortName } from "./filters";

export const FINDING_COLUMNS: readonly Column<FindingBrief>[] = [
  {
    id: "title",
    title: "Finding",
    value: (row) => row.title,
    cell: (row) => (
      <span class="two" title={row.message}>
        <span>{row.title}</span>
        <span class="small faint">{row.message}</span>
      </span>
    ),
    sort: false,
  },
  { id: "severity", title: "Severity", value: (row) => SEVERITIES.indexOf(row.severity), text: (row) => row.severity, cell: (row) => <SeverityBadge severity={row.severity} />, width: "6.5rem" },
  {
    id: "subject",
    title: "Object",
    value: (row) => subjectWords(row.subject),
    cell: (row) => (
      <span class="two">
        <span>
          <SubjectText subject={row.subject} />
        </span>
        <span class="small faint">{row.cluster}</span>
      </span>
    ),
    width: "28%",
    priority: 2,
  },
  { id: "rule", title: "Rule", value: (row) => row.rule, cell: (row) => <span class="mono">{row.rule}</span>, width: "18rem", priority: 4, sort: false },
  { id: "state", title: "State", value: (row) => row.state, cell: (row) => <FindingState state={row.state} />, width: "6.5rem", priority: 3, sort: false },
  {
    id: "fixable",
    title: "Fix",
    value: (row) => row.fixable,
    cell: (row) =>
      row.fixable ? (
        <span title="Rampart proposes a diff">
          <Icon name="wrench" />
          <span class="visually-hidden">has a fix</span>
        </span>
      ) : (
        <span class="faint">–</span>
      ),
    width: "3.5rem",
    priority: 3,
    sort: false,
  },
  { id: "firstSeen", title: "First seen", value: (row) => row.firstSeen, cell: (row) => <When at={row.firstSeen} />, width: "7.5rem", priority: 2 },
  { id: "lastSeen", title: "Last seen", value: (row) => row.lastSeen, cell: (row) => <When at={row.lastSeen} />, width: "7.5rem", priority: 4, sort: false },
  { id: "cluster", title: "Cluster", value: (row) => row.cluster, width: "10rem", priority: 4, sort: false },
  { id: "message", title: "Message", value: (row) => row.message, priority: 5, sort: false },
  { id: "fingerprint", title: "Fingerprint", value: (row) => row.fingerprint, priority: 5, sort: false },
];

const SORTS: Record<SortName, Sort> = {
  severity: { column: "severity", descending: true },
  newest: { column: "firstSeen", descending: true },
  oldest: { column: "firstSeen", descending: false },
  subject: { column: "subject", descending: false },
};

export function sortName(sort: Sort, now: SortName): SortName {
  if (sort.column === "firstSeen") return now === "newest" ? "oldest" : "newest";
  return sort.column === "subject" ? "subject" : "severity";
}

export function findingKey(finding: FindingBrief): string {
  return `${finding.cluster} ${finding.fingerprint}`;
}

export function FindingsTable(props: {
  caption: string;
  rows: readonly FindingBrief[];
  total?: number | undefined;
  onNear?: () => void;
  everything?: () => Promise<readonly FindingBrief[]>;
  sort?: SortName;
  onSort?: (sort: SortName) => void;
  selected?: ReadonlySet<string>;
  onSelect?: (keys: ReadonlySet<string>) => void;
  tools?: JSX.Element;
  empty?: JSX.Element;
  memory?: string;
}) {
  return (
    <DataTable
      caption={props.caption}
      columns={FINDING_COLUMNS}
      rows={props.rows}
      rowKey={findingKey}
      href={findingHref}
      total={props.total}
      {...(props.onNear ? { onNear: props.onNear } : {})}
      {...(props.everything ? { everything: props.everything } : {})}
      sort={SORTS[props.sort ?? "severity"]}
      {...(props.onSort ? { onSort: (sort: Sort) => props.onSort?.(sortName(sort, props.sort ?? "severity")) } : {})}
      {...(props.selected ? { selected: props.selected } : {})}
      {...(props.onSelect ? { onSelect: props.onSelect } : {})}
      tools={props.tools}
      empty={props.empty}
      {...(props.memory === undefined ? {} : { memory: props.memory })}
      tall
    />
  );
}
