// API tokens: for programs that act in somebody's name with at most what that person may. The secret is shown once.
import { createEffect, createSignal, For, on, Show } from "solid-js";
import { createAction } from "../../api/action";
import { pathOf, send } from "../../api/client";
import { createQuery } from "../../api/query";
import type { Page as List, Role, Token } from "../../api/types";
import { StateBadge } from "../../parts/Badge";
import { Confirm } from "../../parts/Confirm";
import { CopyBox } from "../../parts/CopyBox";
import { Dialog } from "../../parts/Dialog";
import { FormProblem, SelectField, TextField } from "../../parts/Field";
import { Icon } from "../../parts/Icon";
import { EmptyState, Loaded } from "../../parts/States";
import { toast } from "../../parts/Toast";
import { words } from "../../parts/words";
import { now, When } from "../../parts/When";
import { ROLE_WORDS, ROLES } from "../../shell/roles";
import { may, session } from "../../shell/session";
import { Settings } from "./Frame";

const DAY = 86_400_000;
const LIFETIMES = [
  { value: "30", label: "30 days" },
  { value: "90", label: "90 days" },
  { value: "365", label: "1 year" },
] as const;

export default function Tokens() {
  const list = createQuery<List<Token>>(() => "/tokens");
  const [making, setMaking] = createSignal(false);
  const [revoking, setRevoking] = createSignal<Token>();
  const ended = (token: Token) => Date.parse(token.expires) <= now();
  return (
    <Settings
      title="API tokens"
      lead={
        <>
          A program sends one as <code>Authorization: Bearer rmp_…</code>. It can do at most what you can, and ends on its day.
        </>
      }
      actions={
        <button type="button" class="button primary" onClick={() => setMaking(true)}>
          <Icon name="plus" />
          New token
        </button>
      }
    >
      <section class="card" aria-label="Tokens">
        <Loaded query={list} lines={4}>
          {(known) => (
            <Show
              when={known().items.length > 0}
              fallback={
                <EmptyState title="No token" icon="keyboard">
                  <code>rampart login</code> makes one for the command line; pipelines get their own here.
                </EmptyState>
              }
            >
              <div class="scroll-x" tabindex="0" role="group" aria-label="Tokens">
                <table class="plain-table">
                  <thead>
                    <tr>
                      <th scope="col">Name</th>
                      <th scope="col">Role</th>
                      <th scope="col">Where</th>
                      <th scope="col">Ends</th>
                      <th scope="col">Last used</th>
                      <th scope="col">Owner</th>
                      <th scope="col">
                        <span class="visually-hidden">Actions</span>
                      </th>
                    </tr>
                  </thead>
                  <tbody>
                    <For each={known().items}>
                      {(token) => (
                        <tr>
                          <th scope="row" class="break">
                            {token.name}
                          </th>
                          <td>{token.role}</td>
                          <td class="break">{where(token)}</td>
                          <td>
                            <Show when={ended(token)} fallback={<When at={token.expires} />}>
                              <StateBadge tone="idle">Ended</StateBadge>
                            </Show>
                          </td>
                          <td>
                            <When at={token.lastUsed} />
                          </td>
                          <td class="break">{token.owner}</td>
                          <td class="num">
                            <button type="button" class="button quiet small" aria-label={`Revoke ${token.name}`} onClick={() => setRevoking(token)}>
                              Revoke
                            </button>
                          </td>
                        </tr>
                      )}
                    </For>
                  </tbody>
                </table>
              </div>
            </Show>
          )}
        </Loaded>
      </section>
      <Make open={making()} close={() => setMaking(false)} done={() => list.refetch()} />
      <Confirm
        open={revoking() !== undefined}
        close={() => setRevoking(undefined)}
        title="Revoke this token"
        verb="Revoke"
        danger
        act={async () => {
          const token = revoking();
          if (!token) return;
          await send("DELETE", `/tokens${pathOf(token.id)}`);
          toast(`${token.name} was revoked`);
          list.refetch();
        }}
      >
        <p>
          Whatever uses <strong class="break">{revoking()?.name}</strong> is refused from now on. This cannot be undone.
        </p>
      </Confirm>
    </Settings>
  );
}

function where(token: Token): string {
  const clusters = token.clusters.length ? token.clusters.join(", ") : "all clusters";
  return token.namespaces.length ? `${clusters}; namespaces ${token.namespaces.join(", ")}` : clusters;
}

function Make(props: { open: boolean; close: () => void; done: () => void }) {
  const [name, setName] = createSignal("");
  const [role, setRole] = createSignal<Role>("viewer");
  const [clusters, setClusters] = createSignal("");
  const [namespaces, setNamespaces] = createSignal("");
  const [days, setDays] = createSignal<string>("90");
  const [made, setMade] = createSignal<Token & { secret: string }>();
  const make = createAction(async () => {
    const expires = new Date(Date.now() + Number(days()) * DAY).toISOString();
    setMade(await send<Token & { secret: string }>("POST", "/tokens", { name: name().trim(), role: role(), clusters: words(clusters()), namespaces: words(namespaces()), expires }));
    props.done();
  });
  createEffect(
    on(
      () => props.open,
      (open) => {
        // Closed or opened: no secret stays in the page.
        setMade(undefined);
        if (!open) return;
        setName("");
        setClusters("");
        setNamespaces("");
        make.clear();
      },
    ),
  );
  return (
    <Dialog title={made() ? "Copy the token now" : "New token"} open={props.open} close={props.close}>
      <Show
        when={made()}
        fallback={
          <form
            class="form"
            onSubmit={(event) => {
              event.preventDefault();
              void make.run();
            }}
          >
            <TextField label="Name" required maxLength={100} placeholder="nightly export" value={name()} onChange={setName} problem={make.of("name")} />
            <div class="form-pair">
              <SelectField
                label="Role"
                value={role()}
                options={ROLES.filter(may).map((one) => ({ value: one, label: `${one}: ${ROLE_WORDS[one]}` }))}
                onChange={setRole}
                problem={make.of("role")}
                hint={`Yours is ${session()?.role ?? "viewer"}.`}
              />
              <SelectField label="Ends after" value={days()} options={LIFETIMES} onChange={setDays} problem={make.of("expires")} />
            </div>
            <div class="form-pair">
              <TextField label="Clusters" optional hint="Names or globs such as prod-*; none means all of yours." spellcheck={false} value={clusters()} onChange={setClusters} problem={make.of("clusters")} />
              <TextField label="Namespaces" optional hint="None means all." spellcheck={false} value={namespaces()} onChange={setNamespaces} problem={make.of("namespaces")} />
            </div>
            <FormProblem message={make.general(["name", "role", "expires", "clusters", "namespaces"])} />
            <div class="form-end">
              <button type="button" class="button" onClick={() => props.close()}>
                Cancel
              </button>
              <button type="submit" class="button primary" disabled={make.busy() || name().trim() === ""}>
                Make the token
              </button>
            </div>
          </form>
        }
      >
        {(token) => (
          <div class="once">
            <p>
              This is the only time that <strong>{token().name}</strong> is shown: the plane keeps a hash of it.
            </p>
            <CopyBox label="Token" text={token().secret} />
            <div class="form-end">
              <button type="button" class="button primary" onClick={() => props.close()}>
                I have it
              </button>
            </div>
          </div>
        )}
      </Show>
    </Dialog>
  );
}
