// Namespaces and whether each has the parts of a baseline.
import { For } from "solid-js";
import type { Cluster } from "../../api/types";
import { CountsStrip, StateBadge, total } from "../../parts/Badge";
import { DataTable, type Column } from "../../parts/DataTable";
import { ScoreBar } from "../../parts/Score";
import { EmptyState } from "../../parts/States";
import { findingsHref } from "../links";

type Namespace = Cluster["namespaces"][number];
type Part = Namespace["parts"][string];

const MARKS: Record<Part, { mark: string; words: string }> = {
  met: { mark: "✓", words: "met" },
  missing: { mark: "✕", words: "missing" },
  unknown: { mark: "?", words: "unknown" },
};

function wordsOf(part: Part | undefined): string {
  return part === undefined ? "not judged" : MARKS[part].words;
}

function partWords(part: string): string {
  const words = part.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export function NamespacesTable(props: { cluster: string; namespaces: readonly Namespace[] }) {
  const parts = () => [...new Set(props.namespaces.flatMap((one) => Object.keys(one.parts)))].sort();
  const columns = (): readonly Column<Namespace>[] => [
    { id: "name", title: "Namespace", value: (row) => row.name },
    { id: "score", title: "Score", value: (row) => row.score, cell: (row) => <ScoreBar score={row.score} />, width: "5.5rem" },
    {
      id: "complete",
      title: "Baseline",
      value: (row) => Object.values(row.parts).filter((one) => one === "met").length,
      text: (row) => (row.complete ? "complete" : "incomplete"),
      cell: (row) => {
        const states = Object.values(row.parts);
        const met = states.filter((one) => one === "met").length;
        return (
          <span class="baseline">
            <StateBadge tone={row.complete ? "good" : states.includes("missing") ? "bad" : "unknown"}>{row.complete ? "Complete" : `${met} of ${states.length} met`}</StateBadge>
            <span class="parts" aria-hidden="true">
              <For each={parts()}>
                {(part) => (
                  <span class="part" data-part={row.parts[part]} title={`${partWords(part)}: ${wordsOf(row.parts[part])}`}>
                    {MARKS[row.parts[part] ?? "unknown"].mark}
                  </span>
                )}
              </For>
            </span>
          </span>
        );
      },
      width: "18rem",
      priority: 2,
    },
    ...parts().map(
      (part): Column<Namespace> => ({
        id: part,
        title: partWords(part),
        value: (row) => row.parts[part] ?? null,
        cell: (row) => {
          const state = row.parts[part];
          return state ? (
            <span class="part" data-part={state} title={`${partWords(part)}: ${MARKS[state].words}`}>
              <span aria-hidden="true">{MARKS[state].mark}</span>
              <span class="part-word">{MARKS[state].words}</span>
            </span>
          ) : (
            <span class="faint">–</span>
          );
        },
        width: "9rem",
        priority: 4,
      }),
    ),
    { id: "findings", title: "Open findings", value: (row) => total(row.counts), cell: (row) => <CountsStrip counts={row.counts} most={4} />, width: "13rem", priority: 2 },
  ];
  return (
    <DataTable
      caption={`Namespaces of ${props.cluster}`}
      columns={columns()}
      rows={props.namespaces}
      rowKey={(row) => row.name}
      href={(row) => findingsHref({ cluster: props.cluster, namespace: row.name })}
      empty={<EmptyState title="No namespaces yet">None has been read so far.</EmptyState>}
    />
  );
}
