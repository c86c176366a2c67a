// One rule: why it matters, how to mend it, which requirements it answers, what it found and what is excused from it.
import { A, useParams } from "@solidjs/router";
import { For, Show } from "solid-js";
import { pathOf, withParams } from "../../api/client";
import { createQuery } from "../../api/query";
import type { Group, Page as List, Rule, Waiver } from "../../api/types";
import { number, SeverityBadge } from "../../parts/Badge";
import { Page } from "../../parts/Page";
import { Inline, Prose } from "../../parts/Prose";
import { EmptyState, Loaded } from "../../parts/States";
import { controlTitle } from "./controls";
import "./rules.css";

export default function RuleView() {
  const params = useParams<{ control: string; name: string }>();
  const rule = createQuery<Rule>(() => `/rules${pathOf(params.control, params.name)}`, { on: ["evaluation"] });
  const id = () => `${params.control}/${params.name}`;
  return (
    <Page
      title={rule.data()?.title ?? id()}
      crumbs={<A href="/rules">Rules</A>}
      badge={<Show when={rule.data()}>{(known) => <SeverityBadge severity={known().severity} />}</Show>}
      actions={
        <Show when={rule.data()?.open}>
          <A class="button primary" href={withParams("/findings", { rule: id() })}>
            Show open findings
          </A>
        </Show>
      }
    >
      <Loaded query={rule} lines={8}>
        {(known) => (
          <div class="rule-page">
            <div class="stack">
              <section class="card" aria-labelledby="rule-why">
                <div class="card-body stack">
                  <h2 id="rule-why">Why it matters</h2>
                  <Prose text={known().why} />
                  <h2>How to mend it</h2>
                  <Prose text={known().fix} />
                </div>
              </section>
              <Show when={known().examples?.bad}>
                {(bad) => (
                  <section class="card" aria-labelledby="rule-example">
                    <div class="card-head">
                      <h2 id="rule-example">Found in, for example</h2>
                    </div>
                    <pre class="source flush" tabindex="0" role="group" aria-labelledby="rule-example">
                      {bad()}
                    </pre>
                  </section>
                )}
              </Show>
              <Where rule={id()} />
            </div>
            <div class="stack">
              <section class="card" aria-labelledby="rule-facts">
                <div class="card-head">
                  <h2 id="rule-facts">At a glance</h2>
                </div>
                <dl class="detail-list card-body">
                  <dt>Id</dt>
                  <dd>
                    <code class="break">{known().id}</code>
                  </dd>
                  <dt>Control</dt>
                  <dd>
                    <A href={withParams("/rules", { control: known().control })}>{controlTitle(known().control)}</A>
                  </dd>
                  <dt>Open findings</dt>
                  <dd>{number(known().open)}</dd>
                  <dt>Clusters</dt>
                  <dd>{number(known().clusters)}</dd>
                </dl>
              </section>
              <section class="card" aria-labelledby="rule-standards">
                <div class="card-head">
                  <h2 id="rule-standards">Answers to</h2>
                </div>
                <Show when={known().mapsTo.length > 0} fallback={<p class="card-body muted">No requirement of a standard names this.</p>}>
                  <ul class="card-body standards">
                    <For each={known().mapsTo}>
                      {(one) => (
                        <li>
                          <span>{one.standard}</span> <strong>{one.id}</strong>
                        </li>
                      )}
                    </For>
                  </ul>
                </Show>
              </section>
              <Excused rule={id()} />
            </div>
          </div>
        )}
      </Loaded>
    </Page>
  );
}

/** The clusters in which the rule found something. */
function Where(props: { rule: string }) {
  const groups = createQuery<List<Group>>(() => withParams("/findings/groups", { by: "cluster", rule: props.rule, state: "open" }), { on: ["evaluation", "finding"] });
  return (
    <section class="card" aria-labelledby="rule-where">
      <div class="card-head">
        <h2 id="rule-where">Where it found something</h2>
      </div>
      <Loaded query={groups} lines={3}>
        {(found) => (
          <Show
            when={found().items.length > 0}
            fallback={
              <EmptyState title="Nowhere" icon="check">
                No cluster that you may see has an open finding of this rule. What a rule could not look at is listed as a gap of its cluster.
              </EmptyState>
            }
          >
            <div class="scroll-x">
              <table class="plain-table">
                <thead>
                  <tr>
                    <th scope="col">Cluster</th>
                    <th scope="col" class="num">
                      Findings
                    </th>
                    <th scope="col" class="num">
                      Subjects
                    </th>
                  </tr>
                </thead>
                <tbody>
                  <For each={found().items}>
                    {(group) => (
                      <tr>
                        <th scope="row">
                          <A href={withParams("/findings", { rule: props.rule, cluster: group.key })}>{group.label}</A>
                        </th>
                        <td class="num">{number(group.findings)}</td>
                        <td class="num">{number(group.subjects)}</td>
                      </tr>
                    )}
                  </For>
                </tbody>
              </table>
            </div>
          </Show>
        )}
      </Loaded>
    </section>
  );
}

function Excused(props: { rule: string }) {
  const waivers = createQuery<List<Waiver>>(() => withParams("/waivers", { rule: props.rule, state: "approved" }), { on: ["waiver"] });
  return (
    <section class="card" aria-labelledby="rule-waivers">
      <div class="card-head">
        <h2 id="rule-waivers">Waivers in force</h2>
      </div>
      <Loaded query={waivers} lines={2}>
        {(list) => (
          <Show when={list().items.length > 0} fallback={<p class="card-body muted">None.</p>}>
            <ul class="card-body standards">
              <For each={list().items}>
                {(waiver) => (
                  <li>
                    <A href={`/waivers?state=approved&rule=${encodeURIComponent(props.rule)}`}>
                      <Inline text={waiver.reason} />
                    </A>
                    <p class="faint small">
                      {waiver.owner}, until {waiver.expires}
                    </p>
                  </li>
                )}
              </For>
            </ul>
          </Show>
        )}
      </Loaded>
    </section>
  );
}
