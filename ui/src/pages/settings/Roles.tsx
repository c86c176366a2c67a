// Which groups of the identity provider hold which roles, where. A change is shown by its effect on people before it is saved,
// and every version is kept.
import { createEffect, createMemo, createSignal, For, on, Show } from "solid-js";
import { createStore, produce, unwrap } from "solid-js/store";
import { createAction } from "../../api/action";
import { send } from "../../api/client";
import { createQuery } from "../../api/query";
import type { Page as List, RoleGrant, RoleMapping, RolePreview } from "../../api/types";
import { Dialog } from "../../parts/Dialog";
import { FormProblem, SelectField, TextField } from "../../parts/Field";
import { Icon } from "../../parts/Icon";
import { EmptyState, Loaded } from "../../parts/States";
import { toast } from "../../parts/Toast";
import { When } from "../../parts/When";
import { grantWords, ROLE_WORDS, ROLES } from "../../shell/roles";
import { Settings } from "./Frame";
import { edited, typed, type EditedGrant, type EditedGroup } from "./mapping";

const NEW: EditedGrant = { role: "viewer", clusters: "", namespaces: "" };

export default function Roles() {
  const mapping = createQuery<RoleMapping>(() => "/roles");
  const [history, setHistory] = createSignal(false);
  const [draft, setDraft] = createStore<{ groups: EditedGroup[] }>({ groups: [] });
  const [basedOn, setBasedOn] = createSignal(0);
  const [preview, setPreview] = createSignal<RolePreview>();
  const start = (known: RoleMapping) => {
    setDraft("groups", edited(structuredClone(unwrap(known).groups)));
    setBasedOn(known.version);
  };
  createEffect(
    on(
      () => mapping.data()?.version,
      (version) => {
        const known = mapping.data();
        if (known && version !== undefined) start(known);
      },
    ),
  );
  const changed = createMemo(() => JSON.stringify(typed(draft.groups)) !== JSON.stringify(mapping.data()?.groups ?? []));
  const look = createAction(async () => {
    setPreview(await send<RolePreview>("POST", "/roles/preview", { groups: typed(draft.groups) }));
  });
  const save = createAction(async () => {
    await send("PUT", "/roles", { basedOn: basedOn(), groups: typed(draft.groups) });
    toast("The roles were saved; they hold from the next request on");
    setPreview(undefined);
    mapping.refetch();
  });
  const edit = (act: (groups: EditedGroup[]) => void) => setDraft("groups", produce(act));
  return (
    <Settings
      title="Roles"
      needs="admin"
      lead="Groups come from the identity provider at sign-in. Somebody in several groups holds all their roles."
      actions={
        <button type="button" class="button" onClick={() => setHistory(true)}>
          <Icon name="clock" />
          Versions
        </button>
      }
    >
      <Loaded query={mapping} lines={6}>
        {(known) => (
          <form
            class="card"
            aria-label="Roles of groups"
            onSubmit={(event) => {
              event.preventDefault();
              void look.run();
            }}
          >
            <div class="card-head">
              <h2>Groups</h2>
              <span class="faint small">
                Version {known().version}
                <Show when={known().changedBy}>
                  {(who) => (
                    <>
                      , by {who()} <When at={known().changedAt} />
                    </>
                  )}
                </Show>
              </span>
            </div>
            <Show
              when={draft.groups.length > 0}
              fallback={
                <EmptyState title="No group has a role" icon="lock">
                  People of the identity provider can sign in but see nothing. Add a group to begin.
                </EmptyState>
              }
            >
              <For each={draft.groups}>
                {(group, at) => (
                  <fieldset class="group">
                    <legend class="visually-hidden">{group.group || `Group ${at() + 1}`}</legend>
                    <div class="group-head">
                      <TextField
                        label="Group"
                        required
                        spellcheck={false}
                        placeholder="as the provider names it"
                        value={group.group}
                        onChange={(name) => setDraft("groups", at(), "group", name)}
                      />
                      <div class="row">
                        <button type="button" class="button small" onClick={() => edit((groups) => groups[at()]?.grants.push({ ...NEW }))}>
                          <Icon name="plus" />
                          Role
                        </button>
                        <button type="button" class="button quiet small" aria-label={`Remove group ${group.group || at() + 1}`} onClick={() => edit((groups) => groups.splice(at(), 1))}>
                          Remove group
                        </button>
                      </div>
                    </div>
                    <For each={group.grants}>
                      {(grant, place) => (
                        <div class="grant" role="group" aria-label={`${group.group || "Group"}, role ${place() + 1}`}>
                          <SelectField label="Role" value={grant.role} options={ROLES.map((one) => ({ value: one, label: one }))} onChange={(role) => setDraft("groups", at(), "grants", place(), "role", role)} />
                          <TextField label="Clusters" placeholder="all" spellcheck={false} value={grant.clusters} onChange={(text) => setDraft("groups", at(), "grants", place(), "clusters", text)} />
                          <TextField label="Namespaces" placeholder="all" spellcheck={false} value={grant.namespaces} onChange={(text) => setDraft("groups", at(), "grants", place(), "namespaces", text)} />
                          <button type="button" class="button quiet" aria-label={`Remove role ${place() + 1} of ${group.group || "this group"}`} onClick={() => edit((groups) => groups[at()]?.grants.splice(place(), 1))}>
                            <Icon name="close" />
                          </button>
                        </div>
                      )}
                    </For>
                    <Show when={group.grants.length === 0}>
                      <p class="faint small">Without a role the group sees nothing.</p>
                    </Show>
                  </fieldset>
                )}
              </For>
            </Show>
            <div class="card-body stack">
              <p class="faint small">
                {ROLES.map((role) => `${role}: ${ROLE_WORDS[role]}`).join(". ")}. Each role includes those before it. Lists take names and globs such as <code>prod-*</code>.
              </p>
              <FormProblem message={look.general()} />
              <div class="form-end">
                <button type="button" class="button quiet" onClick={() => edit((groups) => groups.push({ group: "", grants: [{ ...NEW }] }))}>
                  <Icon name="plus" />
                  Group
                </button>
                <button type="button" class="button" disabled={!changed()} onClick={() => start(known())}>
                  Undo changes
                </button>
                <button type="submit" class="button primary" disabled={!changed() || look.busy()}>
                  Review and save
                </button>
              </div>
            </div>
          </form>
        )}
      </Loaded>
      <Effect
        preview={preview()}
        close={() => {
          setPreview(undefined);
          save.clear();
        }}
        save={() => void save.run()}
        busy={save.busy()}
        problem={save.error()?.status === 409 || save.error()?.code === "conflict" ? "Somebody else saved a newer version meanwhile. Close this, and the page shows theirs." : save.general()}
      />
      <Versions
        open={history()}
        close={() => setHistory(false)}
        current={mapping.data()?.version ?? 0}
        take={(version) => {
          setDraft("groups", edited(structuredClone(unwrap(version).groups)));
          setHistory(false);
        }}
      />
    </Settings>
  );
}

function Effect(props: { preview: RolePreview | undefined; close: () => void; save: () => void; busy: boolean; problem: string | undefined }) {
  return (
    <Dialog title="What this changes" open={props.preview !== undefined} close={props.close} wide>
      <Show
        when={(props.preview?.users.length ?? 0) > 0}
        fallback={<EmptyState title="Nobody known is affected">Whoever signs in from now on gets the new roles.</EmptyState>}
      >
        <div class="scroll-x">
          <table class="plain-table">
            <thead>
              <tr>
                <th scope="col">Who</th>
                <th scope="col">Now</th>
                <th scope="col">Then</th>
              </tr>
            </thead>
            <tbody>
              <For each={props.preview?.users ?? []}>
                {(user) => (
                  <tr>
                    <th scope="row" class="break">
                      {user.name}
                    </th>
                    <td>
                      <Grants grants={user.before} other={user.after} klass="gone" />
                    </td>
                    <td>
                      <Grants grants={user.after} other={user.before} klass="new" />
                    </td>
                  </tr>
                )}
              </For>
            </tbody>
          </table>
        </div>
      </Show>
      <FormProblem message={props.problem} />
      <div class="form-end">
        <button type="button" class="button" onClick={() => props.close()}>
          Back
        </button>
        <button type="button" class="button primary" disabled={props.busy} onClick={() => props.save()}>
          Save
        </button>
      </div>
    </Dialog>
  );
}

function Grants(props: { grants: readonly RoleGrant[]; other: readonly RoleGrant[]; klass: "gone" | "new" }) {
  const others = () => new Set(props.other.map(grantWords));
  return (
    <ul class="before-after">
      <For each={props.grants} fallback={<li class="faint">nothing</li>}>
        {(grant) => (
          <li class="break" classList={{ [props.klass]: !others().has(grantWords(grant)) }}>
            <Show when={!others().has(grantWords(grant))}>
              <span class="visually-hidden">{props.klass === "gone" ? "Taken away: " : "Given: "}</span>
            </Show>
            {grantWords(grant)}
          </li>
        )}
      </For>
    </ul>
  );
}

function Versions(props: { open: boolean; close: () => void; current: number; take: (version: RoleMapping) => void }) {
  const versions = createQuery<List<RoleMapping>>(() => (props.open ? "/roles/versions" : null));
  return (
    <Dialog title="Versions of the roles" open={props.open} close={props.close} wide>
      <Loaded query={versions} lines={4}>
        {(list) => (
          <ul class="requirements">
            <For each={list().items} fallback={<li class="muted">No version was saved yet.</li>}>
              {(version) => (
                <li class="requirement">
                  <div class="row">
                    <strong>Version {version.version}</strong>
                    <span class="faint small break">
                      {version.changedBy ?? "the plane"}, <When at={version.changedAt} />
                    </span>
                    <Show when={version.version !== props.current} fallback={<span class="faint small">in force</span>}>
                      <button type="button" class="button small" onClick={() => props.take(version)}>
                        Edit from this one
                      </button>
                    </Show>
                  </div>
                  <ul class="small">
                    <For each={version.groups} fallback={<li class="faint">No groups</li>}>
                      {(group) => (
                        <li class="break">
                          <strong>{group.group}</strong>: {group.grants.map(grantWords).join("; ") || "no role"}
                        </li>
                      )}
                    </For>
                  </ul>
                </li>
              )}
            </For>
          </ul>
        )}
      </Loaded>
    </Dialog>
  );
}
