// Says above every view when a part of the plane is not well.
import { For, Show } from "solid-js";
import { createQuery } from "../api/query";
import type { Status } from "../api/types";
import { Icon } from "../parts/Icon";
import { When } from "../parts/When";

export function StatusBanner() {
  const status = createQuery<Status>(() => "/status", { on: ["status"] });
  return (
    <Show when={status.data()?.problems.length ? status.data() : undefined}>
      {(known) => (
        <section class="banner" role="status" aria-label="State of the plane">
          <Icon name="alert" />
          <ul>
            <For each={known().problems}>
              {(problem) => (
                <li class="break">
                  <strong>{problem.part}</strong>: {problem.message} <span class="small">(<When at={problem.since} />)</span>
                </li>
              )}
            </For>
          </ul>
        </section>
      )}
    </Show>
  );
}
