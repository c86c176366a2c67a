// The one-time link of a new plane: whoever holds its token makes the first administrator. The token is in the fragment of the
// address, which browsers do not send to servers or proxies; it leaves the address bar and the history at once.
import { A } from "@solidjs/router";
import { createSignal, Show } from "solid-js";
import { createAction } from "../../api/action";
import { forgetAnswers, send } from "../../api/client";
import { FormProblem, TextField } from "../../parts/Field";
import { AuthFrame } from "./AuthFrame";
import { tokenOf } from "./token";

const SHORTEST = 12;

function takeToken(): string {
  const token = tokenOf(location.hash);
  if (location.hash) history.replaceState(history.state, "", location.pathname);
  return token;
}

export default function FirstRun() {
  const [token, setToken] = createSignal(takeToken());
  const fromLink = token() !== "";
  const [name, setName] = createSignal("admin");
  const [password, setPassword] = createSignal("");
  const [again, setAgain] = createSignal("");
  const [tried, setTried] = createSignal(false);
  const make = createAction(async () => {
    await send("POST", "/auth/first-run", { token: token().trim(), name: name().trim(), password: password() });
    forgetAnswers();
    location.replace("/");
  });
  const tooShort = () => (tried() && [...password()].length < SHORTEST ? `At least ${SHORTEST} characters.` : undefined);
  const differs = () => (again() !== "" && again() !== password() ? "The two passwords differ." : tried() && again() === "" ? "Type it once more." : undefined);
  const submit = (event: Event) => {
    event.preventDefault();
    setTried(true);
    if (!tooShort() && !differs()) void make.run();
  };
  return (
    <AuthFrame
      title="Make the first administrator"
      lead="This account signs in by password until an identity provider works; then it is switched off."
      foot={
        <>
          Already done? <A href="/sign-in">Sign in</A>
        </>
      }
    >
      <form class="form" onSubmit={submit} novalidate>
        <Show when={!fromLink}>
          <TextField
            label="Token"
            hint="The last part of the link that the plane printed when it started."
            required
            spellcheck={false}
            value={token()}
            onChange={setToken}
            problem={make.of("token")}
          />
        </Show>
        <TextField label="Name" name="username" autocomplete="username" autocapitalize="none" spellcheck={false} required value={name()} onChange={setName} problem={make.of("name")} />
        <TextField
          label="Password"
          name="new-password"
          type="password"
          autocomplete="new-password"
          required
          hint={`At least ${SHORTEST} characters; four unrelated words are good.`}
          value={password()}
          onChange={setPassword}
          problem={tooShort() ?? make.of("password")}
        />
        <TextField label="Password again" name="new-password-again" type="password" autocomplete="new-password" required value={again()} onChange={setAgain} problem={differs()} />
        <FormProblem message={make.general(fromLink ? ["name", "password"] : ["token", "name", "password"])} />
        <button type="submit" class="button primary wide" disabled={make.busy()}>
          {make.busy() ? "Making the account" : "Make the account and sign in"}
        </button>
      </form>
    </AuthFrame>
  );
}
