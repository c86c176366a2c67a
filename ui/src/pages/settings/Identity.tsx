// The identity provider: what to enter, what to register there, and a test that says what works before anybody depends on it.
import { A } from "@solidjs/router";
import { createEffect, createSignal, on, Show } from "solid-js";
import { createStore } from "solid-js/store";
import { createAction } from "../../api/action";
import { send } from "../../api/client";
import { createQuery } from "../../api/query";
import type { Identity } from "../../api/types";
import { CopyBox } from "../../parts/CopyBox";
import { CheckField, FormProblem, TextField } from "../../parts/Field";
import { Icon } from "../../parts/Icon";
import { Loaded } from "../../parts/States";
import { toast } from "../../parts/Toast";
import { words } from "../../parts/words";
import { Settings } from "./Frame";
import "../rules/rules.css";

interface Tested {
  ok: boolean;
  message: string;
  authorizationEndpoint: string | null;
  /** How many keys it signs with. */
  keys: number;
}

interface Typed {
  name: string;
  issuer: string;
  clientId: string;
  clientSecret: string;
  scopes: string;
  groupsClaim: string;
  enabled: boolean;
}

const FIELDS = ["name", "issuer", "clientId", "clientSecret", "scopes", "groupsClaim"];

export default function IdentityProvider() {
  const identity = createQuery<Identity>(() => "/identity");
  const [form, setForm] = createStore<Typed>({ name: "", issuer: "", clientId: "", clientSecret: "", scopes: "", groupsClaim: "", enabled: false });
  const [tested, setTested] = createSignal<Tested>();
  createEffect(
    on(identity.data, (known) => {
      if (!known) return;
      setForm({
        name: known.name,
        issuer: known.issuer,
        clientId: known.clientId,
        clientSecret: "",
        scopes: known.scopes.join(" ") || "openid email profile groups",
        groupsClaim: known.groupsClaim || "groups",
        enabled: known.enabled,
      });
    }),
  );
  const payload = () => ({
    name: form.name.trim(),
    issuer: form.issuer.trim(),
    clientId: form.clientId.trim(),
    // Not typed: the one that is kept stays.
    ...(form.clientSecret === "" ? {} : { clientSecret: form.clientSecret }),
    scopes: words(form.scopes),
    groupsClaim: form.groupsClaim.trim(),
    enabled: form.enabled,
  });
  const save = createAction(async () => {
    await send("PUT", "/identity", payload());
    setForm("clientSecret", "");
    toast("The identity provider was saved");
    identity.refetch();
  });
  const test = createAction(async () => {
    setTested(undefined);
    setTested(await send<Tested>("POST", "/identity/test", payload()));
  });
  const typed = (field: Exclude<keyof Typed, "enabled">) => ({ value: form[field], onChange: (value: string) => setForm(field, value), problem: save.of(field) ?? test.of(field) });
  return (
    <Settings title="Identity provider" needs="admin" lead="OpenID Connect with your organisation's provider. Directories such as LDAP and Active Directory come in through it.">
      <Loaded query={identity} lines={6}>
        {(known) => (
          <>
            <Show when={known().localDisabled}>
              <p class="notice">
                <Icon name="lock" />
                Local passwords are switched off, since sign-in by this provider has worked.
              </p>
            </Show>
            <form
              class="card form-card"
              aria-label="Identity provider"
              onSubmit={(event) => {
                event.preventDefault();
                void save.run();
              }}
            >
              <div class="card-body form">
                <CopyBox label="Redirect address to register at the provider" text={known().redirectUri} />
                <div class="form-pair">
                  <TextField label="Name" required placeholder="Company SSO" hint="What the sign-in button says." {...typed("name")} />
                  <TextField label="Issuer" required type="url" placeholder="https://login.example.com" spellcheck={false} hint="Its discovery document is read from here." {...typed("issuer")} />
                </div>
                <div class="form-pair">
                  <TextField label="Client id" required spellcheck={false} {...typed("clientId")} />
                  <TextField
                    label="Client secret"
                    type="password"
                    autocomplete="off"
                    optional
                    placeholder={known().hasSecret ? "kept; type to replace" : ""}
                    hint={known().hasSecret ? "One is kept, sealed. It is never shown." : "None for a public client."}
                    {...typed("clientSecret")}
                  />
                </div>
                <div class="form-pair">
                  <TextField label="Scopes" spellcheck={false} hint="Separated by spaces." {...typed("scopes")} />
                  <TextField label="Claim with the groups" spellcheck={false} {...typed("groupsClaim")} />
                </div>
                <CheckField label="People may sign in with it" checked={form.enabled} onChange={(enabled) => setForm("enabled", enabled)} hint="Local passwords stay until the first administrator has come in this way." />
                <FormProblem message={save.general(FIELDS) ?? test.general(FIELDS)} />
                <div class="form-end">
                  <button type="button" class="button" disabled={test.busy() || form.issuer === ""} onClick={() => void test.run()}>
                    {test.busy() ? "Testing" : "Test"}
                  </button>
                  <button type="submit" class="button primary" disabled={save.busy()}>
                    Save
                  </button>
                </div>
              </div>
            </form>
            <Show when={tested()}>{(result) => <Result result={result()} />}</Show>
            <p class="muted small">
              Who may do what is set under <A href="/settings/roles">Roles</A>: a person without a role signs in and sees nothing.
            </p>
          </>
        )}
      </Loaded>
    </Settings>
  );
}

function Result(props: { result: Tested }) {
  return (
    <section class="card form-card" aria-labelledby="tested" role="status">
      <div class="card-head">
        <h2 id="tested">{props.result.ok ? "The provider answers as it should" : "Something does not work yet"}</h2>
        <Icon name={props.result.ok ? "check" : "cross"} class={props.result.ok ? "tone-good" : "tone-bad"} />
      </div>
      <div class="card-body stack">
        <p class="break">{props.result.message}</p>
        <Show when={props.result.authorizationEndpoint}>
          {(address) => (
            <dl class="detail-list">
              <dt>People are sent to</dt>
              <dd class="mono small break">{address()}</dd>
              <dt>Signing keys</dt>
              <dd>{props.result.keys}</dd>
            </dl>
          )}
        </Show>
      </div>
    </section>
  );
}
