// What ends soon, or has ended: waivers, certificates, supported versions.
import { A } from "@solidjs/router";
import { For, Show } from "solid-js";
import type { Overview } from "../../api/types";
import { Icon, type IconName } from "../../parts/Icon";
import { now, When } from "../../parts/When";
import { clusterHref } from "../links";

type Deadline = Overview["deadlines"][number];

const KINDS: Record<Deadline["kind"], { words: string; icon: IconName }> = {
  waiver: { words: "Waiver ends", icon: "waivers" },
  certificate: { words: "Certificate ends", icon: "lock" },
  end_of_life: { words: "Support ends", icon: "clock" },
  other: { words: "Due", icon: "clock" },
};
const SOON_MS = 14 * 86_400_000;

export function DeadlinesCard(props: { deadlines: readonly Deadline[] }) {
  const left = (deadline: Deadline) => Date.parse(deadline.at) - now();
  return (
    <section class="card" aria-labelledby="deadlines">
      <div class="card-head">
        <h2 id="deadlines">Deadlines</h2>
      </div>
      <Show when={props.deadlines.length > 0} fallback={<p class="list-empty">No deadline is known.</p>}>
        <ul class="list">
          <For each={props.deadlines}>
            {(deadline) => (
              <li>
                <Icon name={KINDS[deadline.kind].icon} class="muted" />
                <span class="cut">
                  <Show when={deadline.link?.startsWith("/") ? deadline.link : undefined} fallback={<span title={deadline.title}>{deadline.title}</span>}>
                    {(link) => (
                      <A href={link()} title={deadline.title}>
                        {deadline.title}
                      </A>
                    )}
                  </Show>
                  <span class="cut small muted">
                    {KINDS[deadline.kind].words}
                    <Show when={deadline.cluster}>
                      {(cluster) => (
                        <>
                          {" · "}
                          <A href={clusterHref(cluster())}>{cluster()}</A>
                        </>
                      )}
                    </Show>
                  </span>
                </span>
                <span class="due" data-past={left(deadline) < 0} data-soon={left(deadline) < SOON_MS}>
                  <When at={deadline.at} />
                </span>
              </li>
            )}
          </For>
        </ul>
      </Show>
    </section>
  );
}
