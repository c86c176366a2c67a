// A text that somebody needs elsewhere, such as a command or a secret that is shown once.
import { createSignal, createUniqueId, Show } from "solid-js";
import { announce } from "../shell/announce";
import { Icon } from "./Icon";
import "./copybox.css";

export function CopyBox(props: { label: string; text: string; hint?: string }) {
  const id = createUniqueId();
  const [state, setState] = createSignal<"" | "copied" | "refused">("");
  let shown: HTMLPreElement | undefined;
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(props.text);
      setState("copied");
      announce(`${props.label} copied`);
    } catch {
      // No permission, or no secure context: mark it, so that the browser's own copy takes it.
      if (shown) getSelection()?.selectAllChildren(shown);
      setState("refused");
      announce(`${props.label} is selected: copy it with your keyboard`);
    }
    window.setTimeout(() => setState(""), 4000);
  };
  return (
    <div class="copybox">
      <div class="copybox-head">
        <span class="label-caps" id={id}>
          {props.label}
        </span>
        <button type="button" class="button small" onClick={() => void copy()} aria-describedby={id}>
          <Icon name={state() === "copied" ? "check" : "copy"} />
          {state() === "copied" ? "Copied" : state() === "refused" ? "Selected" : "Copy"}
        </button>
      </div>
      <pre ref={shown} tabindex="0" role="group" aria-labelledby={id}>
        {props.text}
      </pre>
      <Show when={props.hint}>
        <p class="hint">{props.hint}</p>
      </Show>
    </div>
  );
}
