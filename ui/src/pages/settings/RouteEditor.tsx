// Making or changing a route of notifications.
import { createEffect, createMemo, For, on, Show } from "solid-js";
import { createStore } from "solid-js/store";
import { createAction } from "../../api/action";
import { pathOf, send } from "../../api/client";
import type { Route, Severity } from "../../api/types";
import { severityWords, SEVERITIES } from "../../parts/Badge";
import { Dialog } from "../../parts/Dialog";
import { CheckField, FormProblem, SelectField, TextField } from "../../parts/Field";
import { toast } from "../../parts/Toast";
import { words } from "../../parts/words";
import { CONTROL_IDS, controlTitle } from "../rules/controls";

type Kind = Route["kind"];
export const KIND_WORDS: Record<Kind, string> = { webhook: "Webhook", slack: "Slack or compatible chat", email: "E-mail" };

/** What each kind wants to know; a chat's address is a secret in itself. */
const ASKS: Record<Kind, { target: string; targetHint: string; secret: string | null; secretHint: string }> = {
  webhook: { target: "Address", targetHint: "https, called by POST with JSON.", secret: "Signing secret", secretHint: "Each call is signed with it: HMAC-SHA256 in a header." },
  slack: { target: "Channel", targetHint: "For people to recognise it.", secret: "Webhook address", secretHint: "Whoever knows it can post, so it is kept sealed." },
  email: { target: "Addresses", targetHint: "Separated by commas. The mail server is set on this page.", secret: null, secretHint: "" },
};

interface Typed {
  name: string;
  kind: Kind;
  target: string;
  secret: string;
  minSeverity: Severity;
  controls: string[];
  clusters: string;
  namespaces: string;
  digest: Route["digest"];
  enabled: boolean;
}

const FRESH: Typed = { name: "", kind: "webhook", target: "", secret: "", minSeverity: "high", controls: [], clusters: "", namespaces: "", digest: "none", enabled: true };
const FIELDS = ["name", "kind", "target", "secret", "minSeverity", "controls", "clusters", "namespaces", "digest"];

export function RouteEditor(props: { editing: Route | "new" | undefined; close: () => void; done: () => void }) {
  const [form, setForm] = createStore<Typed>({ ...FRESH });
  const known = createMemo(() => (props.editing === "new" ? undefined : props.editing));
  const save = createAction(async () => {
    const { secret, clusters, namespaces, ...rest } = form;
    const payload = { ...rest, name: form.name.trim(), target: form.target.trim(), controls: [...form.controls], clusters: words(clusters), namespaces: words(namespaces), ...(secret === "" ? {} : { secret }) };
    const route = known();
    if (route) await send("PUT", `/notifications/routes${pathOf(route.id)}`, payload);
    else await send("POST", "/notifications/routes", payload);
    toast(`${payload.name} was saved`);
    props.done();
    props.close();
  });
  createEffect(
    on(
      () => props.editing,
      (editing) => {
        save.clear();
        if (!editing || editing === "new") setForm({ ...FRESH, controls: [] });
        else {
          const { name, kind, target, minSeverity, digest, enabled } = editing;
          setForm({ name, kind, target, secret: "", minSeverity, controls: [...editing.controls], clusters: editing.clusters.join(", "), namespaces: editing.namespaces.join(", "), digest, enabled });
        }
      },
    ),
  );
  const asks = () => ASKS[form.kind];
  const toggle = (control: string, on: boolean) => setForm("controls", (have) => (on ? [...have, control] : have.filter((one) => one !== control)));
  return (
    <Dialog title={known() ? `Edit ${known()?.name ?? ""}` : "New route"} open={props.editing !== undefined} close={props.close} wide>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          void save.run();
        }}
      >
        <div class="form-pair">
          <TextField label="Name" required maxLength={100} value={form.name} onChange={(name) => setForm("name", name)} problem={save.of("name")} />
          <SelectField label="By" value={form.kind} options={(Object.keys(KIND_WORDS) as Kind[]).map((one) => ({ value: one, label: KIND_WORDS[one] }))} onChange={(kind) => setForm("kind", kind)} problem={save.of("kind")} />
          <TextField label={asks().target} hint={asks().targetHint} required spellcheck={false} value={form.target} onChange={(target) => setForm("target", target)} problem={save.of("target")} />
          <Show when={asks().secret}>
            {(label) => (
              <TextField
                label={label()}
                type="password"
                hint={known()?.hasSecret ? "One is kept, sealed; type to replace it." : asks().secretHint}
                optional={form.kind === "webhook" || Boolean(known()?.hasSecret)}
                required={form.kind === "slack" && !known()?.hasSecret}
                value={form.secret}
                onChange={(secret) => setForm("secret", secret)}
                problem={save.of("secret")}
              />
            )}
          </Show>
        </div>
        <div class="form-pair">
          <SelectField
            label="From severity"
            value={form.minSeverity}
            options={SEVERITIES.map((one) => ({ value: one, label: one === "info" ? "Info: everything" : `${severityWords(one)}${one === "critical" ? "" : " and above"}` }))}
            onChange={(severity) => setForm("minSeverity", severity)}
            problem={save.of("minSeverity")}
          />
          <SelectField
            label="When"
            value={form.digest}
            options={[
              { value: "none", label: "At once, each by itself" },
              { value: "hourly", label: "Gathered, each hour" },
              { value: "daily", label: "Gathered, each day" },
            ]}
            onChange={(digest) => setForm("digest", digest)}
            problem={save.of("digest")}
          />
          <TextField label="Clusters" optional hint="Names or globs; none means all." spellcheck={false} value={form.clusters} onChange={(clusters) => setForm("clusters", clusters)} problem={save.of("clusters")} />
          <TextField label="Namespaces" optional hint="Those of an owner, for example." spellcheck={false} value={form.namespaces} onChange={(namespaces) => setForm("namespaces", namespaces)} problem={save.of("namespaces")} />
        </div>
        <fieldset class="checks">
          <legend>Controls: none chosen means all</legend>
          <For each={CONTROL_IDS}>{(control) => <CheckField label={controlTitle(control)} checked={form.controls.includes(control)} onChange={(on) => toggle(control, on)} />}</For>
        </fieldset>
        <CheckField label="Send" hint="Off keeps the route, but nothing goes out." checked={form.enabled} onChange={(enabled) => setForm("enabled", enabled)} />
        <FormProblem message={save.general(FIELDS) ?? save.of("controls")} />
        <div class="form-end">
          <button type="button" class="button" onClick={() => props.close()}>
            Cancel
          </button>
          <button type="submit" class="button primary" disabled={save.busy()}>
            Save
          </button>
        </div>
      </form>
    </Dialog>
  );
}
