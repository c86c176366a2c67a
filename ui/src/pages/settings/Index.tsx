// What can be set, and who is signed in with which roles.
import { A } from "@solidjs/router";
import { For, Show } from "solid-js";
import { Icon } from "../../parts/Icon";
import { Page } from "../../parts/Page";
import { When } from "../../parts/When";
import { grantWords, lacks, mayOver, ROLE_WORDS } from "../../shell/roles";
import { session, signOut } from "../../shell/session";
import { SECTIONS } from "./sections";
import "../rules/rules.css";
import "./settings.css";

const SOURCE = { local: "by password, local account", oidc: "by the identity provider", token: "by an API token" };

export default function SettingsIndex() {
  return (
    <Page title="Settings">
      <ul class="sections">
        <For each={SECTIONS}>
          {(section) => (
            <li>
              <A class="card section" href={section.href}>
                <Icon name={section.icon} />
                <span class="section-words">
                  <strong>{section.title}</strong>
                  <span class="muted small">{section.words}</span>
                  <Show when={section.needs && !mayOver(section.needs, []) ? section.needs : undefined}>{(role) => <span class="faint small">{lacks(role())}</span>}</Show>
                </span>
              </A>
            </li>
          )}
        </For>
      </ul>
      <Show when={session()}>
        {(mine) => (
          <section class="card" aria-labelledby="you">
            <div class="card-head">
              <h2 id="you">You</h2>
              <button type="button" class="button small" onClick={() => void signOut()}>
                Sign out
              </button>
            </div>
            <dl class="detail-list card-body">
              <dt>Name</dt>
              <dd>
                {mine().user.name}
                <Show when={mine().user.email}>{(mail) => <span class="faint"> {mail()}</span>}</Show>
              </dd>
              <dt>Signed in</dt>
              <dd>
                {SOURCE[mine().user.source]}; ends <When at={mine().expires} />
              </dd>
              <dt>Roles</dt>
              <dd>
                <ul>
                  <For each={mine().grants}>
                    {(grant) => (
                      <li>
                        {grantWords(grant)} <span class="faint">({ROLE_WORDS[grant.role]})</span>
                      </li>
                    )}
                  </For>
                </ul>
              </dd>
            </dl>
          </section>
        )}
      </Show>
    </Page>
  );
}
