// Where the fleet stands and what to do first.
import { For, Show } from "solid-js";
import { A } from "@solidjs/router";
import { createQuery } from "../../api/query";
import type { Overview } from "../../api/types";
import { number, SEVERITIES, severityWords } from "../../parts/Badge";
import { Page } from "../../parts/Page";
import { percent, ScoreRing } from "../../parts/Score";
import { EmptyState, Loaded } from "../../parts/States";
import { When } from "../../parts/When";
import { findingsHref } from "../links";
import { AgentsCard } from "./AgentsCard";
import { ChangesCard } from "./ChangesCard";
import { DeadlinesCard } from "./DeadlinesCard";
import { FixFirstCard } from "./FixFirstCard";
import { Matrix } from "./Matrix";
import "./home.css";

export default function Home() {
  const overview = createQuery<Overview>(() => "/overview", {
    on: ["evaluation", "finding", "waiver", "agent", "cluster"],
    says: "The overview was updated.",
  });
  return (
    <Page
      title="Home"
      lead={<Show when={overview.data()}>{(data) => <>As of <When at={data().asOf} /></>}</Show>}
    >
      <Loaded query={overview} lines={12}>
        {(data) => (
          <Show
            when={data().clusters.total > 0}
            fallback={
              <div class="card">
                <EmptyState title="No clusters yet" icon="clusters" action={<A class="button primary" href="/clusters">Add a cluster</A>}>
                  Rampart shows where your clusters stand as soon as the first agent joins or a source is scanned.
                </EmptyState>
              </div>
            }
          >
            <div class="home">
              <Fleet overview={data()} />
              <div class="home-matrix">
                <Matrix controls={data().controls} />
              </div>
              <div class="home-fix">
                <FixFirstCard items={data().fixFirst} />
              </div>
              <div class="home-side">
                <ChangesCard changes={data().changes} />
                <DeadlinesCard deadlines={data().deadlines} />
                <AgentsCard clusters={data().clusters} agents={data().agents} />
              </div>
            </div>
          </Show>
        )}
      </Loaded>
    </Page>
  );
}

function Fleet(props: { overview: Overview }) {
  const clusters = () => props.overview.clusters;
  return (
    <section class="card fleet" aria-labelledby="fleet">
      <h2 id="fleet" class="visually-hidden">
        Fleet
      </h2>
      <div class="fleet-score">
        <ScoreRing score={props.overview.score} coverage={props.overview.coverage} label="Fleet" size="large" />
        <dl class="fleet-facts">
          <div>
            <dt>Fleet score</dt>
            <dd>{props.overview.score === null ? "not known" : `${Math.round(props.overview.score)} of 100`}</dd>
          </div>
          <div>
            <dt>Seen</dt>
            <dd>
              {percent(props.overview.coverage)}
              <Show when={props.overview.coverage < 100}>
                <span class="faint"> · {percent(100 - props.overview.coverage)} unknown</span>
              </Show>
            </dd>
          </div>
          <div>
            <dt>Clusters</dt>
            <dd>
              <A href="/clusters">
                {number(clusters().up)} of {number(clusters().total)} up
              </A>
            </dd>
          </div>
        </dl>
      </div>
      <ul class="fleet-counts" aria-label="Open findings by severity">
        <For each={SEVERITIES}>
          {(severity) => (
            <li>
              <A href={findingsHref({ severity })} class="fleet-count" data-severity={severity}>
                <span class="fleet-number">{number(props.overview.counts[severity])}</span>
                <span class="fleet-word">{severityWords(severity)}</span>
              </A>
            </li>
          )}
        </For>
      </ul>
    </section>
  );
}
