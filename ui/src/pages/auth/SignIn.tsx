// Signing in: by the identity provider where there is one, by name and password for the local administrator.
import { useSearchParams } from "@solidjs/router";
import { createSignal, Match, Show, Switch } from "solid-js";
import { createAction } from "../../api/action";
import { apiHref, forgetAnswers, send } from "../../api/client";
import { createQuery } from "../../api/query";
import type { Methods } from "../../api/types";
import { FormProblem, TextField } from "../../parts/Field";
import { ErrorState, Skeleton } from "../../parts/States";
import { AuthFrame } from "./AuthFrame";
import { returnPath } from "./returnPath";

/** What the plane's redirect after a failed sign-in says; anything else is told by its code. */
const FAILURES: Record<string, string> = {
  denied: "The identity provider did not let you in, or you cancelled there.",
  no_role: "You are known, but no group of yours has a role here. Ask an administrator of this plane.",
  expired: "That took too long. Please sign in again.",
  unavailable: "The identity provider does not answer. Try again in a moment.",
};

export default function SignIn() {
  const [search] = useSearchParams<{ return?: string; error?: string; message?: string }>();
  const methods = createQuery<Methods>(() => "/auth/methods");
  const back = () => returnPath(search.return);
  const failure = () => (search.error ? (FAILURES[search.error] ?? `Signing in failed (${search.error.slice(0, 60)}).`) : undefined);
  return (
    <AuthFrame title="Sign in" foot={<Show when={methods.data()}>{(known) => <>Rampart {known().version}</>}</Show>}>
      <FormProblem message={failure()} />
      <Switch fallback={<Skeleton lines={3} />}>
        <Match when={methods.data()}>
          {(known) => (
            <>
              <Show when={known().oidc}>
                {(provider) => (
                  <a class="button primary wide" href={apiHref("/auth/oidc/start", { return: back() })} rel="external">
                    Sign in with {provider().name}
                  </a>
                )}
              </Show>
              <Show when={known().oidc && known().local}>
                <p class="auth-or">or</p>
              </Show>
              <Show when={known().local}>
                <LocalForm back={back()} primary={!known().oidc} />
              </Show>
              <Show when={known().firstRun}>
                <p class="muted">
                  Nobody has signed in to this plane yet. <code>rampart serve</code> printed a link when it started: open it to make the first
                  administrator. It works once.
                </p>
              </Show>
              <Show when={!known().oidc && !known().local && !known().firstRun}>
                <p class="muted">This plane has no way to sign in. On its machine, <code>rampart serve --help</code> names the option that makes a new link.</p>
              </Show>
            </>
          )}
        </Match>
        <Match when={methods.error()}>{(error) => <ErrorState error={error()} retry={methods.refetch} />}</Match>
      </Switch>
    </AuthFrame>
  );
}

function LocalForm(props: { back: string; primary: boolean }) {
  const [name, setName] = createSignal("");
  const [password, setPassword] = createSignal("");
  const signIn = createAction(async () => {
    await send("POST", "/auth/login", { name: name().trim(), password: password() });
    forgetAnswers();
    // A whole new page: nothing of whoever was here before is left in it.
    location.replace(props.back);
  });
  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault();
        void signIn.run().then((worked) => !worked && setPassword(""));
      }}
    >
      <TextField label="Name" name="username" autocomplete="username" autocapitalize="none" spellcheck={false} required value={name()} onChange={setName} problem={signIn.of("name")} />
      <TextField label="Password" name="password" type="password" autocomplete="current-password" required value={password()} onChange={setPassword} problem={signIn.of("password")} />
      <FormProblem message={signIn.general(["name", "password"])} />
      <button type="submit" class="button wide" classList={{ primary: props.primary }} disabled={signIn.busy()}>
        {signIn.busy() ? "Signing in" : "Sign in"}
      </button>
    </form>
  );
}
