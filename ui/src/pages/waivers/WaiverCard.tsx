// One waiver: what it excuses, why, until when, who decided; and what the reader may do about it, or why not.
import { A } from "@solidjs/router";
import { For, Match, Show, Switch } from "solid-js";
import { withParams } from "../../api/client";
import type { Waiver } from "../../api/types";
import { number, StateBadge } from "../../parts/Badge";
import { Icon } from "../../parts/Icon";
import { When } from "../../parts/When";
import { lacks, mayOver } from "../../shell/roles";
import { session } from "../../shell/session";
import { STATE_TONE, STATE_WORDS } from "./states";
import type { Decision } from "./Waivers";

/** Whether the signed-in person asked for it: names and ids differ by where somebody signed in. */
export function isOwn(waiver: Waiver): boolean {
  const me = session()?.user;
  return me !== undefined && (waiver.requestedBy === me.name || waiver.requestedBy === me.id);
}

export function WaiverCard(props: { waiver: Waiver; ask: (decision: Decision) => void }) {
  const one = () => props.waiver;
  const mayDecide = () => mayOver("operator", one().clusters, one().namespace ? [one().namespace ?? ""] : []);
  const findings = () =>
    withParams("/findings", { rule: one().rule, cluster: one().clusters.filter((name) => !/[*?]/.test(name)), namespace: plain(one().namespace), kind: plain(one().kind), name: plain(one().name), state: one().state === "approved" ? "waived" : null });
  return (
    <article class="card waiver-card" aria-label={`Waiver of ${one().rule}`}>
      <header class="waiver-head">
        <A href={`/rules/${one().rule}`} class="waiver-rule">
          <code class="break">{one().rule}</code>
        </A>
        <StateBadge tone={STATE_TONE[one().state]}>{STATE_WORDS[one().state]}</StateBadge>
      </header>
      <p class="waiver-reason break">{one().reason}</p>
      <ul class="selectors" aria-label="What it excuses">
        <Selector label="Clusters" values={one().clusters.length ? one().clusters : ["all"]} />
        <Show when={one().namespace}>{(value) => <Selector label="Namespace" values={[value()]} />}</Show>
        <Show when={one().kind}>{(value) => <Selector label="Kind" values={[value()]} />}</Show>
        <Show when={one().name}>{(value) => <Selector label="Name" values={[value()]} />}</Show>
        <Show when={one().key}>{(value) => <Selector label="Key" values={[value()]} />}</Show>
      </ul>
      <p class="waiver-line muted small">
        <span>
          Owner <strong class="break">{one().owner}</strong>
        </span>
        <span>
          {one().state === "expired" ? "Ended" : "Last day"} <strong>{one().expires}</strong> (<When at={one().expires} />)
        </span>
        <A href={findings()}>{one().matches === 1 ? "1 finding" : `${number(one().matches)} findings`}</A>
      </p>
      <p class="waiver-line faint small">
        <span class="break">
          Asked for by {one().requestedBy} <When at={one().requestedAt} />
        </span>
        <Show when={one().decidedBy}>
          {(who) => (
            <span class="break">
              {one().state === "approved" ? "Approved" : one().state === "rejected" ? "Rejected" : "Decided"} by {who()} <When at={one().decidedAt} />
            </span>
          )}
        </Show>
      </p>
      <Show when={one().comment}>
        {(comment) => (
          <blockquote class="waiver-comment break">
            <span class="visually-hidden">Comment: </span>
            {comment()}
          </blockquote>
        )}
      </Show>
      <Switch>
        <Match when={one().state === "requested"}>
          <Switch
            fallback={
              <div class="waiver-actions">
                <button type="button" class="button primary" onClick={() => props.ask("approve")}>
                  <Icon name="check" />
                  Approve
                </button>
                <button type="button" class="button danger" onClick={() => props.ask("reject")}>
                  Reject
                </button>
              </div>
            }
          >
            <Match when={isOwn(one())}>
              <Reason>You asked for this one, so somebody else has to decide: no one excuses their own findings.</Reason>
              <TakeBack ask={props.ask} />
            </Match>
            <Match when={!mayDecide()}>
              <Reason>{`Deciding is for operators. ${lacks("operator")}`}</Reason>
            </Match>
          </Switch>
        </Match>
        <Match when={one().state === "approved"}>
          <Show
            when={mayDecide()}
            fallback={
              <Show when={isOwn(one())} fallback={<Reason>{`Revoking is for operators. ${lacks("operator")}`}</Reason>}>
                <TakeBack ask={props.ask} />
              </Show>
            }
          >
            <div class="waiver-actions">
              <button type="button" class="button danger" onClick={() => props.ask("revoke")}>
                Revoke
              </button>
            </div>
          </Show>
        </Match>
      </Switch>
    </article>
  );
}

/** Who asked may take it back, whatever the role. */
function TakeBack(props: { ask: (decision: Decision) => void }) {
  return (
    <div class="waiver-actions">
      <button type="button" class="button" onClick={() => props.ask("revoke")}>
        Take back
      </button>
    </div>
  );
}

function plain(value: string | null): string | null {
  return value && !/[*?]/.test(value) ? value : null;
}

function Selector(props: { label: string; values: readonly string[] }) {
  return (
    <li>
      <span class="faint">{props.label}</span>
      <For each={props.values}>{(value) => <code class="break">{value}</code>}</For>
    </li>
  );
}

function Reason(props: { children: string }) {
  return (
    <p class="waiver-why small">
      <Icon name="lock" />
      {props.children}
    </p>
  );
}
