// Catalogues of requirements (CIS, NSA/CISA, PCI DSS, own ones) and how far the fleet meets each.
import { A } from "@solidjs/router";
import { createSignal, For, Show } from "solid-js";
import { pathOf, send } from "../../api/client";
import { createQuery } from "../../api/query";
import type { FrameworkBrief, Page as List } from "../../api/types";
import { Confirm } from "../../parts/Confirm";
import { Icon } from "../../parts/Icon";
import { Page } from "../../parts/Page";
import { EmptyState, Loaded } from "../../parts/States";
import { toast } from "../../parts/Toast";
import { mayOver, lacks } from "../../shell/roles";
import { Met } from "./Met";
import { Upload } from "./Upload";
import "./frameworks.css";

export default function Frameworks() {
  const list = createQuery<List<FrameworkBrief>>(() => "/frameworks", { on: ["evaluation"] });
  const [uploading, setUploading] = createSignal(false);
  const [removing, setRemoving] = createSignal<FrameworkBrief>();
  const mayEdit = () => mayOver("operator", []);
  return (
    <Page
      title="Frameworks"
      crumbs={<A href="/compliance">Compliance</A>}
      lead="What each requirement's rules say of all clusters that you may see. What no rule can look at is named, not guessed."
      actions={
        <Show when={mayEdit()} fallback={<span class="faint small">Own frameworks: {lacks("operator").toLowerCase()}</span>}>
          <button type="button" class="button" onClick={() => setUploading(true)}>
            <Icon name="plus" />
            Own framework
          </button>
        </Show>
      }
    >
      <Loaded query={list} lines={8}>
        {(known) => (
          <Show
            when={known().items.length > 0}
            fallback={
              <div class="card">
                <EmptyState title="No framework" icon="compliance">
                  The plane came without its catalogues; this is a defect.
                </EmptyState>
              </div>
            }
          >
            <ul class="frameworks">
              <For each={known().items}>
                {(one) => (
                  <li class="card framework">
                    <div class="framework-head">
                      <A href={`/frameworks${pathOf(one.id)}`} class="framework-title">
                        {one.title}
                      </A>
                      <span class="faint small">{one.version}</span>
                      <Show when={one.own}>
                        <span class="badge own">Own</span>
                      </Show>
                    </div>
                    <Met counts={one} />
                    <Show when={one.own && mayEdit()}>
                      <button type="button" class="button quiet small framework-remove" onClick={() => setRemoving(one)} aria-label={`Remove ${one.title}`}>
                        Remove
                      </button>
                    </Show>
                  </li>
                )}
              </For>
            </ul>
          </Show>
        )}
      </Loaded>
      <Upload open={uploading()} close={() => setUploading(false)} done={() => list.refetch()} />
      <Confirm
        open={removing() !== undefined}
        close={() => setRemoving(undefined)}
        title="Remove this framework"
        verb="Remove"
        danger
        act={async () => {
          const one = removing();
          if (!one) return;
          await send("DELETE", `/frameworks${pathOf(one.id)}`);
          toast(`${one.title} was removed`);
          list.refetch();
        }}
      >
        <p>
          <strong class="break">{removing()?.title}</strong> will no longer be assessed. Its file is not kept.
        </p>
      </Confirm>
    </Page>
  );
}
