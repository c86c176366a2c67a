// One finding: what was seen and where, why it matters, how to mend it, what became of it.
import { A } from "@solidjs/router";
import { createSignal, For, Show } from "solid-js";
import { pathOf } from "../../api/client";
import { createQuery } from "../../api/query";
import type { Finding as FindingData } from "../../api/types";
import { FindingState, SeverityBadge } from "../../parts/Badge";
import { ChangeWord } from "../../parts/ChangeWord";
import { Icon } from "../../parts/Icon";
import { Page } from "../../parts/Page";
import { Inline, Prose } from "../../parts/Prose";
import { Loaded } from "../../parts/States";
import { SubjectText } from "../../parts/Subject";
import { When } from "../../parts/When";
import { clusterHref, controlHref, findingsHref, ruleHref, useNames, workloadPath } from "../links";
import { Evidence } from "./Evidence";
import { FixDiff } from "./FixDiff";
import { WaiverList } from "./WaiverList";
import { WaiveDialog } from "./WaiveDialog";
import "./findings.css";
import "./finding.css";

export default function Finding() {
  const names = useNames<{ cluster: string; fingerprint: string }>();
  const finding = createQuery<FindingData>(() => `/findings${pathOf(names.cluster, names.fingerprint)}`, {
    on: ["finding", "evaluation", "waiver"],
    cluster: () => names.cluster,
    says: "The finding was updated.",
  });
  const [waiving, setWaiving] = createSignal(false);
  return (
    <Page
      title={finding.data()?.title ?? "Finding"}
      crumbs={
        <>
          <span>
            <A href="/findings">Findings</A>
          </span>
          <span>
            <A href={findingsHref({ cluster: names.cluster })}>{names.cluster}</A>
          </span>
        </>
      }
      badge={
        <Show when={finding.data()}>
          {(data) => (
            <>
              <SeverityBadge severity={data().severity} />
              <FindingState state={data().state} />
            </>
          )}
        </Show>
      }
      lead={<Show when={finding.data()}>{(data) => <span class="break"><Inline text={data().message} /></span>}</Show>}
      actions={
        <Show when={finding.data()?.state === "open"}>
          <button type="button" class="button" onClick={() => setWaiving(true)}>
            <Icon name="waivers" />
            Request waiver
          </button>
        </Show>
      }
    >
      <Loaded query={finding} lines={10}>
        {(data) => (
          <div class="finding">
            <div class="stack">
              <Evidence finding={data()} />
              <section class="card" aria-labelledby="why">
                <div class="card-head">
                  <h2 id="why">Why it matters</h2>
                  <A href={ruleHref(data().rule)} class="small">
                    About this rule
                  </A>
                </div>
                <div class="card-body">
                  <Prose text={data().why} />
                </div>
              </section>
              <section class="card" aria-labelledby="fix">
                <div class="card-head">
                  <h2 id="fix">How to mend it</h2>
                  <Show when={data().remedies.length === 0}>
                    <span class="small muted">by hand</span>
                  </Show>
                </div>
                <div class="card-body stack">
                  <Prose text={data().fix} />
                  <Show when={data().cause}>
                    {(cause) => (
                      <p class="notice">
                        <span>
                          It comes through{" "}
                          <A href={workloadPath(data().cluster, cause())}>
                            <SubjectText subject={cause()} />
                          </A>
                          : mending that mends what it causes elsewhere too.
                        </span>
                      </p>
                    )}
                  </Show>
                  <Show when={data().remedies.length > 0}>
                    <FixDiff finding={data()} />
                  </Show>
                </div>
              </section>
              <WaiverList waivers={data().waivers} />
            </div>
            <aside class="stack" aria-label="About this finding">
              <section class="card" aria-labelledby="facts">
                <div class="card-head">
                  <h2 id="facts">Facts</h2>
                </div>
                <dl class="card-body fact-list">
                  <dt>Object</dt>
                  <dd class="break">
                    <A href={workloadPath(data().cluster, data().subject)}>
                      <SubjectText subject={data().subject} />
                    </A>
                  </dd>
                  <dt>Cluster</dt>
                  <dd class="break">
                    <A href={clusterHref(data().cluster)}>{data().cluster}</A>
                  </dd>
                  <dt>Control</dt>
                  <dd>
                    <A href={controlHref(data().control)}>{data().control.replaceAll("_", " ")}</A>
                  </dd>
                  <dt>Rule</dt>
                  <dd class="break mono">
                    <A href={findingsHref({ rule: data().rule })}>{data().rule}</A>
                  </dd>
                  <Show when={data().key !== ""}>
                    <dt>Part</dt>
                    <dd class="break mono">{data().key}</dd>
                  </Show>
                  <dt>First seen</dt>
                  <dd>
                    <When at={data().firstSeen} />
                  </dd>
                  <dt>Last seen</dt>
                  <dd>
                    <When at={data().lastSeen} />
                  </dd>
                  <Show when={data().resolved}>
                    <dt>Resolved</dt>
                    <dd>
                      <When at={data().resolved} />
                    </dd>
                  </Show>
                  <Show when={data().waiver}>
                    <dt>Excused by</dt>
                    <dd class="break">{data().waiver}</dd>
                  </Show>
                  <dt>Fingerprint</dt>
                  <dd class="break mono small">{data().fingerprint}</dd>
                </dl>
              </section>
              <Show when={data().mapsTo.length > 0}>
                <section class="card" aria-labelledby="maps">
                  <div class="card-head">
                    <h2 id="maps">Required by</h2>
                  </div>
                  <ul class="card-body maps">
                    <For each={data().mapsTo}>
                      {(item) => (
                        <li class="break">
                          <span class="muted">{item.standard}</span> {item.id}
                        </li>
                      )}
                    </For>
                  </ul>
                </section>
              </Show>
              <section class="card" aria-labelledby="history">
                <div class="card-head">
                  <h2 id="history">History</h2>
                </div>
                <ol class="card-body timeline">
                  <For each={[...data().history].reverse()} fallback={<li class="muted">Nothing was recorded.</li>}>
                    {(event) => (
                      <li>
                        <ChangeWord change={event.change} />
                        <span class="small muted">
                          <When at={event.at} />
                        </span>
                      </li>
                    )}
                  </For>
                </ol>
              </section>
            </aside>
            <WaiveDialog open={waiving()} close={() => setWaiving(false)} findings={[data()]} done={finding.refetch} />
          </div>
        )}
      </Loaded>
    </Page>
  );
}
