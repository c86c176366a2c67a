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

export default function SignIn() {
  const [search] = useSearchParams<{ return?: string }>();
  const methods = createQuery<Methods>(() => "/auth/methods");
  const back = () => returnPath(search.return);
  return (
    <AuthFrame title="Sign in" foot={<Show when={methods.data()}>{(known) => <>Rampart {known().version}</>}</Show>}>
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
                <p class="muted">This plane has no way to sign in at the moment. Whoever runs it can make a new one-time link on its machine.</p>
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
