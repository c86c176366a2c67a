// The frame of every view: title in the tab, one h1 that gets focus after navigation, actions beside it.
import { createEffect, onMount, type JSX, Show } from "solid-js";
import "./page.css";

let firstPage = true;

export function Page(props: {
  title: string;
  /** What stands above the title, such as the way back. */
  crumbs?: JSX.Element;
  /** Beside the title: badges. */
  badge?: JSX.Element;
  lead?: JSX.Element;
  actions?: JSX.Element;
  children: JSX.Element;
}) {
  let heading: HTMLHeadingElement | undefined;
  createEffect(() => {
    document.title = `${props.title} · Rampart`;
  });
  onMount(() => {
    // On the first load the browser's own order is right; afterwards the new view is announced by its heading.
    if (!firstPage) heading?.focus({ preventScroll: true });
    firstPage = false;
  });
  return (
    <div class="page">
      <header class="page-head">
        <div class="page-title">
          <Show when={props.crumbs}>
            <nav class="crumbs" aria-label="Breadcrumb">
              {props.crumbs}
            </nav>
          </Show>
          <div class="row">
            <h1 ref={heading} tabindex="-1">
              {props.title}
            </h1>
            {props.badge}
          </div>
          <Show when={props.lead}>
            <p class="muted">{props.lead}</p>
          </Show>
        </div>
        <Show when={props.actions}>
          <div class="row">{props.actions}</div>
        </Show>
      </header>
      {props.children}
    </div>
  );
}
