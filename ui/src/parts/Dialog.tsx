// A modal dialog: the browser's own, so focus stays inside, Escape closes it and the rest of the page is inert.
import { createEffect, createUniqueId, onCleanup, Show, type JSX } from "solid-js";
import { Icon } from "./Icon";
import "./dialog.css";

export function Dialog(props: {
  title: string;
  open: boolean;
  close: () => void;
  wide?: boolean;
  /** Buttons at the foot. */
  foot?: JSX.Element;
  children: JSX.Element;
}) {
  const id = createUniqueId();
  let dialog: HTMLDialogElement | undefined;
  let opener: Element | null = null;
  createEffect(() => {
    if (!dialog) return;
    if (props.open && !dialog.open) {
      opener = document.activeElement;
      dialog.showModal();
    } else if (!props.open && dialog.open) dialog.close();
  });
  onCleanup(() => dialog?.open && dialog.close());
  return (
    <dialog
      ref={dialog}
      class="dialog"
      classList={{ wide: props.wide ?? false }}
      aria-labelledby={id}
      onClose={() => {
        props.close();
        if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
      }}
      onClick={(event) => event.target === dialog && props.close()}
    >
      <Show when={props.open}>
        <div class="dialog-inner">
          <header class="dialog-head">
            <h2 id={id}>{props.title}</h2>
            <button type="button" class="button quiet small" aria-label="Close" onClick={() => props.close()}>
              <Icon name="close" />
            </button>
          </header>
          <div class="dialog-body">{props.children}</div>
          <Show when={props.foot}>
            <footer class="dialog-foot">{props.foot}</footer>
          </Show>
        </div>
      </Show>
    </dialog>
  );
}
