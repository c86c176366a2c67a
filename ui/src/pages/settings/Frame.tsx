// The frame of every page of the settings: its own navigation, and who may change what.
import { A, useLocation } from "@solidjs/router";
import { For, onMount, Show, type JSX } from "solid-js";
import type { Role } from "../../api/types";
import { Page } from "../../parts/Page";
import { EmptyState } from "../../parts/States";
import { lacks, mayOver } from "../../shell/roles";
import { SECTIONS } from "./sections";
import "../frameworks/frameworks.css";
import "./settings.css";

export function Settings(props: {
  title: string;
  lead: JSX.Element;
  actions?: JSX.Element;
  /** Who may see it at all; anybody without it. */
  needs?: Role;
  children: JSX.Element;
}) {
  const place = useLocation();
  let nav: HTMLElement | undefined;
  // On a narrow screen the row of sections scrolls; where one is must be in sight.
  onMount(() => {
    const here = nav?.querySelector<HTMLElement>("[aria-current]");
    if (nav && here) nav.scrollLeft = here.offsetLeft - nav.clientWidth / 2 + here.clientWidth / 2;
  });
  return (
    <Page title={props.title} crumbs={<A href="/settings">Settings</A>} lead={props.lead} actions={<Show when={!props.needs || mayOver(props.needs, [])}>{props.actions}</Show>}>
      <nav ref={nav} class="section-nav" aria-label="Settings">
        <For each={SECTIONS}>
          {(section) => (
            <A href={section.href} aria-current={place.pathname === section.href ? "page" : undefined} activeClass="" inactiveClass="">
              {section.title}
            </A>
          )}
        </For>
      </nav>
      <Show
        when={!props.needs || mayOver(props.needs, [])}
        fallback={
          <div class="card">
            <EmptyState title="This is for administrators" icon="lock">
              {lacks(props.needs ?? "admin")} Ask an administrator of this plane.
            </EmptyState>
          </div>
        }
      >
        {props.children}
      </Show>
    </Page>
  );
}
