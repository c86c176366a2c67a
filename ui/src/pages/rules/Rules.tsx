// Every rule with what it has found: filtered here, for there are a few hundred at most.
import { useSearchParams } from "@solidjs/router";
import { createMemo } from "solid-js";
import { createQuery } from "../../api/query";
import type { Page as List, Rule, Severity } from "../../api/types";
import { SeverityBadge, number, severityWords, SEVERITIES } from "../../parts/Badge";
import { DataTable, type Column } from "../../parts/DataTable";
import { CheckField, SelectField, TextField } from "../../parts/Field";
import { Page } from "../../parts/Page";
import { EmptyState, Loaded } from "../../parts/States";
import { controlTitle } from "./controls";
import "./rules.css";

const COLUMNS: readonly Column<Rule>[] = [
  {
    id: "title",
    title: "Rule",
    value: (rule) => rule.title,
    cell: (rule) => (
      <span class="two-lines">
        <span>{rule.title}</span>
        <code class="faint">{rule.id}</code>
      </span>
    ),
  },
  { id: "id", title: "Id", value: (rule) => rule.id, priority: 4, width: "16rem", cell: (rule) => <code>{rule.id}</code> },
  { id: "severity", title: "Severity", value: (rule) => 5 - SEVERITIES.indexOf(rule.severity), cell: (rule) => <SeverityBadge severity={rule.severity} />, width: "7rem" },
  { id: "control", title: "Control", value: (rule) => controlTitle(rule.control), width: "11rem", priority: 2 },
  { id: "open", title: "Open", value: (rule) => rule.open, cell: (rule) => <span classList={{ faint: rule.open === 0 }}>{number(rule.open)}</span>, end: true, width: "6rem" },
  { id: "clusters", title: "Clusters", value: (rule) => rule.clusters, cell: (rule) => <span classList={{ faint: rule.clusters === 0 }}>{number(rule.clusters)}</span>, end: true, width: "7rem", priority: 3 },
];

export default function Rules() {
  const rules = createQuery<List<Rule>>(() => "/rules?limit=500", { on: ["evaluation"], says: "Counts of rules are new" });
  const [search, setSearch] = useSearchParams<{ q?: string; control?: string; severity?: string; open?: string }>();
  const set = (changes: Record<string, string | null>) => setSearch(changes, { replace: true });
  const controls = createMemo(() => [...new Set((rules.data()?.items ?? []).map((rule) => rule.control))].sort((a, b) => controlTitle(a).localeCompare(controlTitle(b))));
  const shown = createMemo(() => {
    const words = (search.q ?? "").toLowerCase().split(/\s+/).filter(Boolean);
    return (rules.data()?.items ?? []).filter((rule) => {
      if (search.control && rule.control !== search.control) return false;
      if (search.severity && rule.severity !== search.severity) return false;
      if (search.open && rule.open === 0) return false;
      const text = [rule.id, rule.title, controlTitle(rule.control), ...rule.mapsTo.map((one) => `${one.standard} ${one.id}`)].join(" ").toLowerCase();
      return words.every((word) => text.includes(word));
    });
  });
  return (
    <Page title="Rules" lead="What is looked for, why it matters and how to mend it.">
      <form class="filters" role="search" aria-label="Rules" onSubmit={(event) => event.preventDefault()}>
        <TextField
          label="Search"
          type="search"
          placeholder="Name, id, or a standard such as CIS 5.2"
          value={search.q ?? ""}
          onChange={(q) => set({ q: q || null })}
        />
        <SelectField
          label="Control"
          value={search.control ?? ""}
          options={[{ value: "", label: "All controls" }, ...controls().map((id) => ({ value: id, label: controlTitle(id) }))]}
          onChange={(control) => set({ control: control || null })}
        />
        <SelectField
          label="Severity"
          value={search.severity ?? ""}
          options={[{ value: "", label: "All severities" }, ...SEVERITIES.map((one) => ({ value: one as string, label: severityWords(one as Severity) }))]}
          onChange={(severity) => set({ severity: severity || null })}
        />
        <CheckField label="With open findings" checked={Boolean(search.open)} onChange={(open) => set({ open: open ? "1" : null })} />
      </form>
      <Loaded query={rules} lines={10}>
        {() => (
          <div class="card">
            <DataTable
              caption="Rules"
              columns={COLUMNS}
              rows={shown()}
              rowKey={(rule) => rule.id}
              href={(rule) => `/rules/${rule.id}`}
              tall
              empty={
                <EmptyState title="No rule matches" icon="rules">
                  Take away a filter or search for another word.
                </EmptyState>
              }
            />
          </div>
        )}
      </Loaded>
    </Page>
  );
}
