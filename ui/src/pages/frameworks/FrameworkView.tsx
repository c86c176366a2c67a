// One framework, requirement by requirement, for all clusters or one; what cannot be assessed here stands in its own list.
import { A, useParams, useSearchParams } from "@solidjs/router";
import { createMemo, For, Show } from "solid-js";
import { apiHref, pathOf, withParams } from "../../api/client";
import { createQuery } from "../../api/query";
import type { ClusterBrief, Framework, Page as List, ReportFormat } from "../../api/types";
import { number, VerdictBadge, verdictWords, type AnyVerdict } from "../../parts/Badge";
import { saveFile, toCsv } from "../../parts/export";
import { SelectField } from "../../parts/Field";
import { Icon } from "../../parts/Icon";
import { Page } from "../../parts/Page";
import { Inline } from "../../parts/Prose";
import { EmptyState, Loaded } from "../../parts/States";
import { Met } from "./Met";
import "../rules/rules.css";
import "./frameworks.css";

type Item = Framework["items"][number];
const ORDER: readonly AnyVerdict[] = ["fail", "unknown", "pass"];

export default function FrameworkView() {
  const params = useParams<{ id: string }>();
  const [search, setSearch] = useSearchParams<{ cluster?: string; verdict?: string }>();
  const framework = createQuery<Framework>(() => withParams(`/frameworks${pathOf(params.id)}`, { cluster: search.cluster }), { on: ["evaluation"], keep: true, says: "The framework's verdicts are new" });
  const clusters = createQuery<List<ClusterBrief>>(() => "/clusters?limit=500");
  const formats = createQuery<List<ReportFormat>>(() => "/reports/formats");
  const assessed = createMemo(() => {
    const items = (framework.data()?.items ?? []).filter((item) => item.verdict !== "not_assessable");
    return search.verdict ? items.filter((item) => item.verdict === search.verdict) : items;
  });
  const elsewhere = createMemo(() => (framework.data()?.items ?? []).filter((item) => item.verdict === "not_assessable"));
  const save = (known: Framework) => {
    const rows = known.items.map((item) => [item.id, item.title, item.verdict, item.rules.map((rule) => rule.id).join(" "), item.rules.reduce((sum, rule) => sum + rule.open, 0), item.note]);
    saveFile(`${known.id}.csv`, "text/csv", toCsv(["requirement", "title", "verdict", "rules", "open", "note"], rows));
  };
  return (
    <Page
      title={framework.data()?.title ?? params.id}
      crumbs={<A href="/frameworks">Frameworks</A>}
      badge={<Show when={framework.data()}>{(known) => <span class="faint">{known().version}</span>}</Show>}
      actions={
        <>
          <Show when={framework.data()}>
            {(known) => (
              <>
                <button type="button" class="button quiet" onClick={() => save(known())}>
                  <Icon name="download" />
                  CSV
                </button>
                <button type="button" class="button quiet" onClick={() => saveFile(`${known().id}.json`, "application/json", `${JSON.stringify(known(), null, 1)}\n`)}>
                  <Icon name="download" />
                  JSON
                </button>
              </>
            )}
          </Show>
          <For each={(formats.data()?.items ?? []).filter((format) => format.perFramework)}>
            {(format) => (
              <a class="button" rel="external" download="" href={apiHref("/reports/download", { format: format.id, framework: params.id, cluster: search.cluster })}>
                <Icon name="download" />
                {format.title}
              </a>
            )}
          </For>
        </>
      }
    >
      <div class="filters">
        <SelectField
          label="Cluster"
          value={search.cluster ?? ""}
          options={[{ value: "", label: "All clusters" }, ...(clusters.data()?.items ?? []).map((one) => ({ value: one.name, label: one.name }))]}
          onChange={(cluster) => setSearch({ cluster: cluster || null }, { replace: true })}
        />
        <SelectField
          label="Verdict"
          value={search.verdict ?? ""}
          options={[{ value: "", label: "All verdicts" }, ...ORDER.map((one) => ({ value: one as string, label: verdictWords(one) }))]}
          onChange={(verdict) => setSearch({ verdict: verdict || null }, { replace: true })}
        />
      </div>
      <Loaded query={framework} lines={10}>
        {(known) => (
          <>
            <div class="card">
              <div class="card-body">
                <Met counts={known()} />
              </div>
            </div>
            <section class="card" aria-labelledby="assessed">
              <div class="card-head">
                <h2 id="assessed">Assessed requirements</h2>
                <span class="faint small">{number(assessed().length)}</span>
              </div>
              <Show
                when={assessed().length > 0}
                fallback={
                  <EmptyState title="No requirement has this verdict" icon="compliance">
                    Choose another one.
                  </EmptyState>
                }
              >
                <ul class="requirements">
                  <For each={assessed()}>{(item) => <Requirement item={item} cluster={search.cluster} />}</For>
                </ul>
              </Show>
            </section>
            <Show when={elsewhere().length > 0}>
              <section class="card" aria-labelledby="elsewhere">
                <div class="card-head">
                  <h2 id="elsewhere">Not assessable here</h2>
                  <span class="faint small">{number(elsewhere().length)}</span>
                </div>
                <p class="card-body muted">No rule can see whether these are met. They need evidence from people or from another tool.</p>
                <ul class="requirements">
                  <For each={elsewhere()}>{(item) => <Requirement item={item} cluster={search.cluster} />}</For>
                </ul>
              </section>
            </Show>
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Requirement(props: { item: Item; cluster: string | undefined }) {
  const open = () => props.item.rules.reduce((sum, rule) => sum + rule.open, 0);
  return (
    <li class="requirement">
      <div class="requirement-head">
        <span class="requirement-id mono">{props.item.id}</span>
        <span class="requirement-title break">{props.item.title}</span>
        <VerdictBadge verdict={props.item.verdict} />
      </div>
      <Show when={props.item.note}>
        {(note) => (
          <p class="muted small break">
            <Inline text={note()} />
          </p>
        )}
      </Show>
      <Show when={props.item.rules.length > 0}>
        <details class="requirement-rules" open={props.item.verdict === "fail" && props.item.rules.length < 4}>
          <summary class="small">
            {props.item.rules.length === 1 ? "1 rule" : `${props.item.rules.length} rules`}
            <Show when={open() > 0}>, {number(open())} open</Show>
          </summary>
          <ul>
            <For each={props.item.rules}>
              {(rule) => (
                <li>
                  <VerdictBadge verdict={rule.verdict} short />
                  <A href={`/rules/${rule.id}`} class="break">
                    {rule.title}
                  </A>
                  <Show when={rule.open > 0}>
                    <A class="small" href={withParams("/findings", { rule: rule.id, cluster: props.cluster, state: "open" })}>
                      {number(rule.open)} open
                    </A>
                  </Show>
                </li>
              )}
            </For>
          </ul>
        </details>
      </Show>
    </li>
  );
}
