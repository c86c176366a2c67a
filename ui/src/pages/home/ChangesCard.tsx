// What is new: findings that came and went.
import { A } from "@solidjs/router";
import { For, Show } from "solid-js";
import type { Change } from "../../api/types";
import { CHANGE_WORDS } from "../../parts/ChangeWord";
import { Icon } from "../../parts/Icon";
import { SubjectText } from "../../parts/Subject";
import { When } from "../../parts/When";
import { findingHref, findingsHref } from "../links";

export function ChangesCard(props: { changes: readonly Change[] }) {
  return (
    <section class="card" aria-labelledby="changes">
      <div class="card-head">
        <h2 id="changes">What is new</h2>
        <A href={findingsHref({ sort: "newest" })} class="small">
          Newest findings
        </A>
      </div>
      <Show when={props.changes.length > 0} fallback={<p class="list-empty">Nothing has changed yet.</p>}>
        <ul class="list">
          <For each={props.changes.slice(0, 8)}>
            {(change) => (
              <li>
                <span class="change-word" data-change={change.change} title={CHANGE_WORDS[change.change].words}>
                  <Icon name={CHANGE_WORDS[change.change].icon} />
                </span>
                <span class="cut">
                  <A href={findingHref(change.finding)} title={change.finding.message}>
                    {change.finding.title}
                  </A>
                  <span class="cut small muted">
                    {CHANGE_WORDS[change.change].words} · {change.finding.cluster} · <SubjectText subject={change.finding.subject} />
                  </span>
                </span>
                <span class="small muted">
                  <When at={change.at} />
                </span>
              </li>
            )}
          </For>
        </ul>
      </Show>
    </section>
  );
}

