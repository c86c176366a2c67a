// The filters above the findings. Options that only the plane knows are read with counts when their list is opened.
import { createSignal, For, Show } from "solid-js";
import { all } from "../../api/client";
import type { Group } from "../../api/types";
import { SEVERITIES, severityWords } from "../../parts/Badge";
import { FilterSelect, SearchBox, type Option } from "../../parts/Filter";
import { Icon } from "../../parts/Icon";
import { namespaceValue, type Dimension, type Grouping } from "./filters";
import type { Filters } from "./useFilters";

const STATES: Option[] = [
  { value: "open", label: "Open" },
  { value: "waived", label: "Waived" },
  { value: "resolved", label: "Resolved" },
];
const SINCE: Option[] = [
  { value: "1d", label: "Last 24 hours" },
  { value: "7d", label: "Last 7 days" },
  { value: "30d", label: "Last 30 days" },
  { value: "90d", label: "Last 90 days" },
];
const KINDS = ["Deployment", "StatefulSet", "DaemonSet", "CronJob", "Job", "Pod", "Namespace", "ServiceAccount", "Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding", "Secret", "ConfigMap", "Service", "Ingress", "NetworkPolicy"];

export function FilterBar(props: { filters: Filters }) {
  const [open, setOpen] = createSignal(false);
  const filters = () => props.filters;
  const facet = (by: Grouping & Dimension) => async (): Promise<Option[]> => {
    const groups = await all<Group>(filters().path("/findings/groups", { by }, by), 500);
    const options = new Map<string, Option>();
    for (const group of groups) {
      const value = by === "namespace" ? namespaceValue(group.key) : group.key;
      options.set(value, { value, label: group.label, count: group.findings });
    }
    return [...options.values()];
  };
  return (
    <div class="filter-bar findings-filters" classList={{ open: open() }}>
      <SearchBox label="Search findings" placeholder="Name, namespace or rule" value={filters().values("q")[0] ?? ""} onSearch={(words) => filters().set("q", words === "" ? [] : [words], true)} />
      <button type="button" class="button filters-more" aria-expanded={open()} onClick={() => setOpen(!open())}>
        Filters
        <Show when={filters().active() > 0}>
          <span class="tab-count">{filters().active()}</span>
        </Show>
      </button>
      <div class="filters-rest">
        <FilterSelect label="Severity" values={filters().values("severity")} onChange={(next) => filters().set("severity", next)} options={SEVERITIES.map((value) => ({ value, label: severityWords(value) }))} />
        <FilterSelect label="State" values={filters().values("state")} onChange={(next) => filters().set("state", next)} options={STATES} />
        <FilterSelect label="Control" values={filters().values("control")} onChange={(next) => filters().set("control", next)} options={facet("control")} />
        <FilterSelect label="Rule" values={filters().values("rule")} onChange={(next) => filters().set("rule", next)} options={facet("rule")} />
        <FilterSelect label="Cluster" values={filters().values("cluster")} onChange={(next) => filters().set("cluster", next)} options={facet("cluster")} />
        <FilterSelect label="Namespace" values={filters().values("namespace")} onChange={(next) => filters().set("namespace", next)} options={facet("namespace")} />
        <FilterSelect label="Kind" values={filters().values("kind")} onChange={(next) => filters().set("kind", next)} options={KINDS.map((value) => ({ value, label: value }))} />
        <FilterSelect label="First seen" single values={filters().values("since")} onChange={(next) => filters().set("since", next)} options={SINCE} />
        <button
          type="button"
          class="button"
          aria-pressed={filters().values("fixable")[0] === "true"}
          onClick={() => filters().set("fixable", filters().values("fixable")[0] === "true" ? [] : ["true"])}
        >
          <Icon name="wrench" />
          Has a fix
        </button>
        <For each={filters().values("name")}>
          {(name) => (
            <button type="button" class="button filter chosen" onClick={() => filters().set("name", [])} aria-label={`Remove the filter on the name ${name}`}>
              <span class="faint">Name</span>
              <span class="filter-values cut">{name}</span>
              <Icon name="close" class="filter-arrow" />
            </button>
          )}
        </For>
        <Show when={filters().active() > 0}>
          <button type="button" class="button quiet" onClick={() => filters().clear()}>
            Clear all
          </button>
        </Show>
      </div>
    </div>
  );
}
