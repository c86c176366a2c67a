// The inbox of waivers: what waits for a decision, what is in force, what came to an end.
import { useSearchParams } from "@solidjs/router";
import { createSignal, For, Show } from "solid-js";
import { apiHref, pathOf, send, withParams } from "../../api/client";
import { createPages } from "../../api/query";
import type { Waiver } from "../../api/types";
import { Confirm } from "../../parts/Confirm";
import { Icon } from "../../parts/Icon";
import { Page } from "../../parts/Page";
import { EmptyState, ErrorState, Skeleton, StaleNotice } from "../../parts/States";
import { Tabs } from "../../parts/Tabs";
import { toast } from "../../parts/Toast";
import { WaiverCard } from "./WaiverCard";
import { STATES, STATE_WORDS, type State } from "./states";
import "./waivers.css";

export type Decision = "approve" | "reject" | "revoke";

const EMPTY: Record<State, { title: string; words: string }> = {
  requested: { title: "Nothing waits for a decision", words: "A waiver is asked for on a finding, or on several at once in the list of findings." },
  approved: { title: "No waiver is in force", words: "Every open finding counts." },
  rejected: { title: "No waiver was rejected", words: "Rejected requests are kept with their comment." },
  expired: { title: "No waiver has expired", words: "A waiver ends by itself on its last day; its findings are open again from then on." },
  revoked: { title: "No waiver was revoked", words: "A waiver in force can be ended early; its findings are open again about a second later." },
};

export default function Waivers() {
  const [search, setSearch] = useSearchParams<{ state?: string; rule?: string; cluster?: string }>();
  const state = (): State => STATES.find((one) => one === search.state) ?? "requested";
  const filters = () => ({ state: state(), rule: search.rule ?? null, cluster: search.cluster ?? null });
  const list = createPages<Waiver>(() => withParams("/waivers", filters()), { on: ["waiver"], says: "The waivers changed", limit: 100 });
  const [asked, setAsked] = createSignal<{ decision: Decision; waiver: Waiver }>();
  const decide = async (comment: string) => {
    const one = asked();
    if (!one) return;
    await send("POST", `/waivers${pathOf(one.waiver.id)}/${one.decision}`, { comment });
    toast({ approve: "Approved: its findings show as waived in a moment", reject: "Rejected", revoke: "Revoked: its findings are open again in a moment" }[one.decision]);
    list.refetch();
  };
  return (
    <Page
      title="Waivers"
      lead="An excuse for a finding, with a reason, an owner and a last day. Whoever asks cannot approve: two people, four eyes."
      actions={
        <>
          <a class="button" href={apiHref("/waivers", { ...filters(), format: "csv" })} download="waivers.csv" rel="external">
            <Icon name="download" />
            CSV
          </a>
          <a class="button" href={apiHref("/waivers", { ...filters(), limit: 500 })} download="waivers.json" rel="external">
            <Icon name="download" />
            JSON
          </a>
        </>
      }
    >
      <Show when={search.rule || search.cluster}>
        <p class="notice">
          Only waivers of <Show when={search.rule}>rule <code>{search.rule}</code></Show> <Show when={search.cluster}>cluster <code>{search.cluster}</code></Show>
          <button type="button" class="button small" onClick={() => setSearch({ rule: null, cluster: null })}>
            Show all
          </button>
        </p>
      </Show>
      <Tabs
        label="State of waivers"
        tabs={STATES.map((one) => ({ id: one, title: STATE_WORDS[one] }))}
        active={state()}
        choose={(next) => setSearch({ state: next === "requested" ? null : next })}
      >
        {() => (
          <Show
            when={!list.loading()}
            fallback={<Skeleton lines={5} />}
          >
            <Show when={list.rows().length > 0 || !list.error()} fallback={<Show when={list.error()}>{(error) => <ErrorState error={error()} retry={list.refetch} />}</Show>}>
              <StaleNotice error={list.error()} retry={list.refetch} />
              <Show
                when={list.rows().length > 0}
                fallback={
                  <div class="card">
                    <EmptyState title={EMPTY[state()].title} icon="waivers">
                      {EMPTY[state()].words}
                    </EmptyState>
                  </div>
                }
              >
                <ul class="waivers">
                  <For each={list.rows()}>
                    {(waiver) => (
                      <li>
                        <WaiverCard waiver={waiver} ask={(decision) => setAsked({ decision, waiver })} />
                      </li>
                    )}
                  </For>
                </ul>
                <Show when={list.hasMore()}>
                  <button type="button" class="button" onClick={() => list.more()}>
                    Show more
                  </button>
                </Show>
              </Show>
            </Show>
          </Show>
        )}
      </Tabs>
      <Confirm
        open={asked() !== undefined}
        close={() => setAsked(undefined)}
        title={{ approve: "Approve this waiver", reject: "Reject this waiver", revoke: "Revoke this waiver" }[asked()?.decision ?? "approve"]}
        verb={{ approve: "Approve", reject: "Reject", revoke: "Revoke" }[asked()?.decision ?? "approve"]}
        danger={asked()?.decision !== "approve"}
        comment={asked()?.decision === "approve" ? "optional" : "required"}
        act={decide}
      >
        <Show when={asked()}>
          {(one) => (
            <p>
              <code class="break">{one().waiver.rule}</code>, asked for by {one().waiver.requestedBy}: <q class="break">{one().waiver.reason}</q>
            </p>
          )}
        </Show>
      </Confirm>
    </Page>
  );
}
