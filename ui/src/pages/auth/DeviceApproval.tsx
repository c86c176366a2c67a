// Approving a sign-in of the command line: `rampart login` shows a code, and whoever is signed in here confirms it.
import { useSearchParams } from "@solidjs/router";
import { createSignal, Show } from "solid-js";
import { createAction } from "../../api/action";
import { send } from "../../api/client";
import { Field, FormProblem } from "../../parts/Field";
import { EmptyState } from "../../parts/States";
import { Page } from "../../parts/Page";
import { grantWords } from "../../shell/roles";
import { session } from "../../shell/session";
import "./auth.css";

export default function DeviceApproval() {
  const [search] = useSearchParams<{ code?: string }>();
  const [code, setCode] = createSignal((search.code ?? "").toUpperCase().slice(0, 32));
  const [done, setDone] = createSignal(false);
  const approve = createAction(async () => {
    await send("POST", "/auth/device/approve", { userCode: code().trim() });
    setDone(true);
  });
  return (
    <Page title="Approve a command line" lead="A program asks to act in your name. Approve it only if you started it yourself just now.">
      <div class="card narrow-card">
        <Show
          when={!done()}
          fallback={
            <EmptyState title="The command line is signed in" icon="check">
              You can close this page. Its token is listed under Settings, API tokens, and can be revoked there.
            </EmptyState>
          }
        >
          <form
            class="form card-body"
            onSubmit={(event) => {
              event.preventDefault();
              void approve.run();
            }}
          >
            <Field label="Code" hint="It must be the same as in your terminal." problem={approve.of("userCode")}>
              {(wired) => (
                <input
                  class="input device-code"
                  autocomplete="one-time-code"
                  autocapitalize="characters"
                  spellcheck={false}
                  required
                  maxLength={32}
                  {...wired}
                  value={code()}
                  onInput={(event) => setCode(event.currentTarget.value.toUpperCase())}
                />
              )}
            </Field>
            <Show when={session()}>
              {(mine) => (
                <p class="muted">
                  It will act as <strong>{mine().user.name}</strong>: {mine().grants.map(grantWords).join("; ")}.
                </p>
              )}
            </Show>
            <FormProblem message={approve.general(["userCode"])} />
            <div class="form-end">
              <button type="submit" class="button primary" disabled={approve.busy() || code().trim() === ""}>
                {approve.busy() ? "Approving" : "Approve"}
              </button>
            </div>
          </form>
        </Show>
      </div>
    </Page>
  );
}
