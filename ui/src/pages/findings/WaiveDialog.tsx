// Asking for a waiver: for chosen findings, or for one finding and what is like it.
import { createSignal, For, Show } from "solid-js";
import { ApiError, send } from "../../api/client";
import { asApiError } from "../../api/query";
import type { FindingBrief } from "../../api/types";
import { number, SEVERITIES } from "../../parts/Badge";
import { Dialog } from "../../parts/Dialog";
import { toast } from "../../parts/Toast";
import { session } from "../../shell/session";

/** How far a waiver for one finding reaches. */
type Reach = "finding" | "object" | "namespace" | "cluster";

function dayIn(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
}

/** What the plane takes in one request. */
const MOST_AT_ONCE = 500;
const TERMS = [7, 30, 90, 180] as const;

export function WaiveDialog(props: { open: boolean; close: () => void; findings: readonly FindingBrief[]; done: () => void }) {
  const [reason, setReason] = createSignal("");
  const [owner, setOwner] = createSignal(session()?.user.email ?? session()?.user.name ?? "");
  const [expires, setExpires] = createSignal(dayIn(90));
  const [reach, setReach] = createSignal<Reach>("finding");
  const [busy, setBusy] = createSignal(false);
  const [problem, setProblem] = createSignal<ApiError>();
  const one = () => (props.findings.length === 1 ? props.findings[0] : undefined);
  const reaches = (finding: FindingBrief): { id: Reach; words: string }[] => [
    { id: "finding", words: "This finding alone" },
    { id: "object", words: `The rule on ${finding.subject.kind} ${finding.subject.name}` },
    ...(finding.subject.namespace === "" ? [] : [{ id: "namespace" as const, words: `The rule in namespace ${finding.subject.namespace} of ${finding.cluster}` }]),
    { id: "cluster", words: `The rule in all of ${finding.cluster}` },
  ];
  const bySeverity = () => {
    const parts = SEVERITIES.map((severity) => [severity, props.findings.filter((finding) => finding.severity === severity).length] as const).filter(([, count]) => count > 0);
    return parts.map(([severity, count]) => `${number(count)} ${severity}`).join(", ");
  };

  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    setBusy(true);
    setProblem(undefined);
    const words = { reason: reason().trim(), owner: owner().trim(), expires: expires() };
    const finding = one();
    try {
      if (finding && reach() !== "finding") {
        const { subject } = finding;
        const object = reach() === "object";
        await send("POST", "/waivers", {
          rule: finding.rule,
          clusters: [finding.cluster],
          kind: object ? subject.kind : null,
          namespace: reach() === "cluster" || subject.namespace === "" ? null : subject.namespace,
          name: object ? subject.name : null,
          key: null,
          ...words,
        });
      } else {
        const ticked = props.findings.map(({ cluster, fingerprint }) => ({ cluster, fingerprint }));
        for (let at = 0; at < ticked.length; at += MOST_AT_ONCE) await send("POST", "/waivers/bulk", { findings: ticked.slice(at, at + MOST_AT_ONCE), ...words });
      }
      toast(`The waiver for ${props.findings.length === 1 ? "the finding" : `${number(props.findings.length)} findings`} was requested. Somebody else must approve it.`);
      setReason("");
      props.done();
      props.close();
    } catch (cause) {
      setProblem(asApiError(cause));
    } finally {
      setBusy(false);
    }
  };
  const wrong = (field: string) => problem()?.field === field || undefined;

  return (
    <Dialog
      title={props.findings.length === 1 ? "Request a waiver" : `Request waivers for ${number(props.findings.length)} findings`}
      open={props.open}
      close={props.close}
      foot={
        <>
          <button type="button" class="button" onClick={() => props.close()}>
            Cancel
          </button>
          <button type="submit" form="waive" class="button primary" disabled={busy() || reason().trim() === "" || owner().trim() === ""}>
            {busy() ? "Requesting…" : "Request"}
          </button>
        </>
      }
    >
      <form id="waive" class="stack" onSubmit={(event) => void submit(event)}>
        <Show when={one()} fallback={<p>{bySeverity()}. A waived finding keeps its verdict; it no longer counts as open until the waiver ends.</p>}>
          {(finding) => (
            <>
              <p class="break">
                <strong>{finding().title}</strong>
                <br />
                <span class="muted">{finding().message}</span>
              </p>
              <fieldset class="reach">
                <legend>What it reaches</legend>
                <For each={reaches(finding())}>
                  {(option) => (
                    <label class="filter-option">
                      <input type="radio" name="reach" checked={reach() === option.id} onChange={() => setReach(option.id)} />
                      <span class="break">{option.words}</span>
                    </label>
                  )}
                </For>
              </fieldset>
            </>
          )}
        </Show>
        <label class="field">
          <span class="label">Why the risk is accepted</span>
          <textarea class="input" rows="3" required maxlength="2000" aria-invalid={wrong("reason")} value={reason()} onInput={(event) => setReason(event.currentTarget.value)} />
          <span class="hint">Whoever approves reads this, and so does the next audit.</span>
        </label>
        <label class="field">
          <span class="label">Who owns it</span>
          <input class="input" required maxlength="200" aria-invalid={wrong("owner")} value={owner()} onInput={(event) => setOwner(event.currentTarget.value)} />
        </label>
        <div class="field">
          <label class="label" for="waive-expires">
            Until (the last day it counts)
          </label>
          <div class="row">
            <input id="waive-expires" class="input expires" type="date" required min={dayIn(0)} aria-invalid={wrong("expires")} value={expires()} onInput={(event) => setExpires(event.currentTarget.value)} />
            <For each={TERMS}>
              {(days) => (
                <button type="button" class="button small" aria-pressed={expires() === dayIn(days)} onClick={() => setExpires(dayIn(days))}>
                  {days} days
                </button>
              )}
            </For>
          </div>
        </div>
        <Show when={problem()}>
          {(known) => (
            <div class="notice bad break" role="alert">
              {known().message}
            </div>
          )}
        </Show>
      </form>
    </Dialog>
  );
}
