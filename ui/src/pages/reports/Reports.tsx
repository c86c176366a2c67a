// Reports to take away: every format, for all clusters or one, for the whole or one framework; and those sent by the clock.
import { useSearchParams } from "@solidjs/router";
import { createMemo, For, Show } from "solid-js";
import { apiHref } from "../../api/client";
import { createQuery } from "../../api/query";
import type { ClusterBrief, FrameworkBrief, Page as List, ReportFormat } from "../../api/types";
import { SelectField } from "../../parts/Field";
import { Icon } from "../../parts/Icon";
import { Page } from "../../parts/Page";
import { EmptyState, Loaded } from "../../parts/States";
import { Schedules } from "./Schedules";
import "../rules/rules.css";
import "./reports.css";

const MEDIA: Record<string, string> = {
  "text/html": "Web page",
  "application/pdf": "PDF",
  "application/json": "JSON",
  "text/csv": "Table",
  "text/markdown": "Markdown",
  "application/sarif+json": "SARIF",
  "application/xml": "XML",
  "text/xml": "XML",
  "text/plain": "Text",
  "application/x-ndjson": "JSON lines",
  "application/yaml": "YAML",
  "text/yaml": "YAML",
};

export default function Reports() {
  const [search, setSearch] = useSearchParams<{ cluster?: string; framework?: string }>();
  const formats = createQuery<List<ReportFormat>>(() => "/reports/formats");
  const clusters = createQuery<List<ClusterBrief>>(() => "/clusters?limit=500", { on: ["cluster"] });
  const frameworks = createQuery<List<FrameworkBrief>>(() => "/frameworks");
  const shown = createMemo(() => (formats.data()?.items ?? []).filter((format) => !search.framework || format.perFramework));
  const about = () => {
    const where = search.cluster ? `cluster ${search.cluster}` : "all clusters that you may see";
    const what = frameworks.data()?.items.find((one) => one.id === search.framework)?.title;
    return what ? `${what}, ${where}` : `All controls, ${where}`;
  };
  return (
    <Page title="Reports" lead="What the plane knows at this moment, as a file for an auditor, a pipeline or a spreadsheet.">
      <section class="card" aria-labelledby="download">
        <div class="card-head">
          <h2 id="download">Download</h2>
          <span class="faint small break">{about()}</span>
        </div>
        <div class="card-body stack">
          <div class="filters">
            <SelectField
              label="Cluster"
              value={search.cluster ?? ""}
              options={[{ value: "", label: "All clusters" }, ...(clusters.data()?.items ?? []).map((one) => ({ value: one.name, label: one.name }))]}
              onChange={(cluster) => setSearch({ cluster: cluster || null }, { replace: true })}
            />
            <SelectField
              label="Framework"
              value={search.framework ?? ""}
              options={[{ value: "", label: "All controls" }, ...(frameworks.data()?.items ?? []).map((one) => ({ value: one.id, label: `${one.title} ${one.version}` }))]}
              hint="Some formats exist for a framework only as a whole report."
              onChange={(framework) => setSearch({ framework: framework || null }, { replace: true })}
            />
          </div>
          <Loaded query={formats} lines={5}>
            {() => (
              <Show when={shown().length > 0} fallback={<EmptyState title="No format" icon="reports">This plane makes no reports of a single framework.</EmptyState>}>
                <ul class="formats">
                  <For each={shown()}>
                    {(format) => (
                      <li>
                        <a
                          class="format"
                          rel="external"
                          download=""
                          href={apiHref("/reports/download", { format: format.id, cluster: search.cluster, framework: search.framework })}
                        >
                          <Icon name="download" />
                          <span class="two-lines">
                            <strong>{format.title}</strong>
                            <span class="faint small">{MEDIA[format.media.split(";")[0] ?? ""] ?? format.media}</span>
                          </span>
                        </a>
                      </li>
                    )}
                  </For>
                </ul>
              </Show>
            )}
          </Loaded>
        </div>
      </section>
      <Schedules formats={formats.data()?.items ?? []} clusters={clusters.data()?.items ?? []} frameworks={frameworks.data()?.items ?? []} />
    </Page>
  );
}
