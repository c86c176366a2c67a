// The tables of one cluster: controls, gaps, reading problems, kinds.
import { A } from "@solidjs/router";
import { createMemo, For, Show } from "solid-js";
import type { Cluster, ControlState, Gap } from "../../api/types";
import { CountsStrip, number, total, VerdictBadge, verdictWords } from "../../parts/Badge";
import { DataTable, type Column } from "../../parts/DataTable";
import { Inline } from "../../parts/Prose";
import { percent, ScoreBar } from "../../parts/Score";
import { EmptyState } from "../../parts/States";
import { findingsHref, ruleHref } from "../links";

const CONTROL_COLUMNS: readonly Column<ControlState>[] = [
  { id: "title", title: "Control", value: (row) => row.title },
  { id: "verdict", title: "Verdict", value: (row) => verdictWords(row.verdict), cell: (row) => <VerdictBadge verdict={row.verdict} />, width: "7.5rem" },
  { id: "score", title: "Score", value: (row) => row.score, cell: (row) => <ScoreBar score={row.score} />, width: "5.5rem" },
  { id: "findings", title: "Open findings", value: (row) => total(row.counts), cell: (row) => <CountsStrip counts={row.counts} />, width: "16rem", priority: 2 },
  { id: "coverage", title: "Seen", value: (row) => row.coverage, cell: (row) => percent(row.coverage), width: "5rem", end: true, priority: 2 },
  { id: "examined", title: "Examined", value: (row) => row.examined, cell: (row) => number(row.examined), width: "7rem", end: true, priority: 2 },
  { id: "layer", title: "Layer", value: (row) => row.layer, width: "9rem", priority: 3 },
  { id: "phase", title: "Phase", value: (row) => row.phase, width: "7rem", priority: 3 },
];

export function ControlsTable(props: { cluster: string; controls: readonly ControlState[] }) {
  return (
    <DataTable
      caption={`Controls of ${props.cluster}`}
      columns={CONTROL_COLUMNS}
      rows={props.controls}
      rowKey={(row) => row.id}
      href={(row) => (row.examined === 0 ? "?tab=gaps" : findingsHref({ control: row.id, cluster: props.cluster }))}
    />
  );
}

/** One thing that is missing often keeps many rules of a control from judging. */
interface Missing {
  control: string;
  reason: string;
  remedy: string;
  rules: string[];
}

export function GapsTable(props: { gaps: readonly Gap[]; controls: readonly { id: string; title: string }[] }) {
  const rows = createMemo(() => {
    const kept = new Map<string, Missing>();
    for (const { control, reason, remedy, rule } of props.gaps) {
      const key = JSON.stringify([control, reason, remedy]);
      const known = kept.get(key);
      if (!known) kept.set(key, { control, reason, remedy, rules: [rule] });
      else if (!known.rules.includes(rule)) known.rules.push(rule);
    }
    return [...kept.values()];
  });
  const columns: readonly Column<Missing>[] = [
    {
      id: "reason",
      title: "Why it is unknown",
      value: (row) => row.reason,
      cell: (row) => (
        <span class="two">
          <span>
            <Inline text={row.reason} />
          </span>
          <span class="small faint">
            To see it: <Inline text={row.remedy} />
          </span>
        </span>
      ),
    },
    { id: "control", title: "Control", value: (row) => props.controls.find((one) => one.id === row.control)?.title ?? row.control, width: "10rem", priority: 2 },
    {
      id: "rules",
      title: "Rules that cannot judge",
      value: (row) => row.rules.join(" "),
      cell: (row) => (
        <ul class="gap-rules">
          <For each={row.rules}>
            {(rule) => (
              <li>
                <A href={ruleHref(rule)}>{rule}</A>
              </li>
            )}
          </For>
        </ul>
      ),
      width: "22rem",
      priority: 2,
    },
    { id: "remedy", title: "To see it", value: (row) => row.remedy, priority: 5 },
  ];
  return (
    <DataTable
      caption="What could not be seen"
      columns={columns}
      rows={rows()}
      rowKey={(row) => `${row.control} ${row.reason} ${row.remedy}`}
      empty={
        <EmptyState title="Everything was seen" icon="check">
          No rule lacked what it needs to judge.
        </EmptyState>
      }
      wrap
      tall
    />
  );
}

type Diagnostic = Cluster["diagnostics"][number];

const DIAGNOSTIC_COLUMNS: readonly Column<Diagnostic>[] = [
  { id: "source", title: "Where", value: (row) => `${row.source}:${row.line}:${row.column}`, width: "22rem" },
  { id: "message", title: "What", value: (row) => row.message },
  {
    id: "lost",
    title: "Lost",
    value: (row) => row.lost,
    cell: (row) => (
      <Show when={row.lost} fallback={<span class="faint">no</span>}>
        <strong>yes, not judged</strong>
      </Show>
    ),
    width: "9rem",
  },
];

export function DiagnosticsTable(props: { diagnostics: readonly Diagnostic[] }) {
  return (
    <DataTable
      caption="Reading problems"
      columns={DIAGNOSTIC_COLUMNS}
      rows={props.diagnostics}
      rowKey={(row) => `${row.source}:${row.line}:${row.column} ${row.message}`}
      empty={
        <EmptyState title="All was readable" icon="check">
          Every document of this cluster was read whole.
        </EmptyState>
      }
    />
  );
}

export function KindsTable(props: { kinds: Record<string, number> }) {
  const columns: readonly Column<[string, number]>[] = [
    { id: "kind", title: "Kind", value: ([kind]) => kind },
    { id: "count", title: "Objects", value: ([, count]) => count, cell: ([, count]) => number(count), width: "8rem", end: true },
  ];
  const rows = () => Object.entries(props.kinds).sort((a, b) => b[1] - a[1]);
  return (
    <DataTable
      caption="Objects by kind"
      columns={columns}
      rows={rows()}
      rowKey={([kind]) => kind}
      empty={<EmptyState title="No objects yet">Nothing of this cluster has been read so far.</EmptyState>}
    />
  );
}
