// The mail server by which routes send mail, and whether routes may reach addresses of private networks.
import { createEffect, on, Show } from "solid-js";
import { createStore } from "solid-js/store";
import { createAction } from "../../api/action";
import { send } from "../../api/client";
import { createQuery } from "../../api/query";
import { CheckField, FormProblem, SelectField, TextField } from "../../parts/Field";
import { Loaded } from "../../parts/States";
import { toast } from "../../parts/Toast";

type Security = "tls" | "starttls" | "none";

interface Known {
  allowPrivate: boolean;
  smtp: { server: string; port: number; security: Security; from: string; user: string | null; hasPassword: boolean } | null;
}

interface Typed {
  allowPrivate: boolean;
  mail: boolean;
  server: string;
  port: string;
  security: Security;
  from: string;
  user: string;
  password: string;
}

const FIELDS = ["smtp.server", "smtp.port", "smtp.security", "smtp.from"];

export function MailServer() {
  const settings = createQuery<Known>(() => "/notifications/settings");
  const [form, setForm] = createStore<Typed>({ allowPrivate: false, mail: false, server: "", port: "587", security: "starttls", from: "", user: "", password: "" });
  createEffect(
    on(settings.data, (known) => {
      if (!known) return;
      const { smtp } = known;
      setForm({ allowPrivate: known.allowPrivate, mail: smtp !== null, server: smtp?.server ?? "", port: String(smtp?.port ?? 587), security: smtp?.security ?? "starttls", from: smtp?.from ?? "", user: smtp?.user ?? "", password: "" });
    }),
  );
  const save = createAction(async () => {
    const smtp = form.mail
      ? { server: form.server.trim(), port: Number(form.port), security: form.security, from: form.from.trim(), ...(form.user.trim() === "" ? {} : { user: form.user.trim() }), ...(form.password === "" ? {} : { password: form.password }) }
      : null;
    await send("PUT", "/notifications/settings", { allowPrivate: form.allowPrivate, smtp });
    setForm("password", "");
    toast("How news is sent was saved");
    settings.refetch();
  });
  return (
    <section class="card" aria-labelledby="mail-server">
      <div class="card-head">
        <h2 id="mail-server">How news is sent</h2>
      </div>
      <Loaded query={settings} lines={3}>
        {(known) => (
          <form
            class="form card-body"
            aria-labelledby="mail-server"
            onSubmit={(event) => {
              event.preventDefault();
              void save.run();
            }}
          >
            <CheckField label="By a mail server" hint="Needed by routes of e-mail." checked={form.mail} onChange={(mail) => setForm("mail", mail)} />
            <Show when={form.mail}>
              <div class="form-pair">
                <TextField label="Server" required spellcheck={false} placeholder="smtp.example.com" value={form.server} onChange={(server) => setForm("server", server)} problem={save.of("smtp.server")} />
                <TextField label="Port" type="number" min={1} max={65535} required value={form.port} onChange={(port) => setForm("port", port)} problem={save.of("smtp.port")} />
                <SelectField
                  label="Protection"
                  value={form.security}
                  options={[
                    { value: "starttls", label: "STARTTLS (587)" },
                    { value: "tls", label: "TLS (465)" },
                    { value: "none", label: "None: this machine only" },
                  ]}
                  onChange={(security) => setForm("security", security)}
                  problem={save.of("smtp.security")}
                />
                <TextField label="From" type="email" required value={form.from} onChange={(from) => setForm("from", from)} problem={save.of("smtp.from")} />
                <TextField label="User" optional spellcheck={false} value={form.user} onChange={(user) => setForm("user", user)} />
                <TextField
                  label="Password"
                  type="password"
                  autocomplete="new-password"
                  optional
                  hint={known().smtp?.hasPassword ? "One is kept, sealed; type to replace it." : undefined}
                  value={form.password}
                  onChange={(password) => setForm("password", password)}
                />
              </div>
            </Show>
            <CheckField
              label="Routes may reach private networks"
              hint="Off, a route cannot be used to knock at machines behind the plane's firewall."
              checked={form.allowPrivate}
              onChange={(allowPrivate) => setForm("allowPrivate", allowPrivate)}
            />
            <FormProblem message={save.general(FIELDS)} />
            <div class="form-end">
              <button type="submit" class="button primary" disabled={save.busy()}>
                Save
              </button>
            </div>
          </form>
        )}
      </Loaded>
    </section>
  );
}
