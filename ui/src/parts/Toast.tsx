// Short messages about what was just done; errors stay until they are closed.
import { createSignal, For } from "solid-js";
import { Icon } from "./Icon";
import "./toast.css";

interface Toast {
  id: number;
  text: string;
  bad: boolean;
}

const [toasts, setToasts] = createSignal<readonly Toast[]>([]);
let last = 0;

export function toast(text: string, options: { bad?: boolean } = {}): void {
  const one = { id: (last += 1), text, bad: options.bad ?? false };
  setToasts((have) => [...have.slice(-3), one]);
  if (!one.bad) window.setTimeout(() => drop(one.id), 6000);
}

function drop(id: number): void {
  setToasts((have) => have.filter((one) => one.id !== id));
}

export function Toasts() {
  return (
    <div class="toasts" role="status" aria-live="polite">
      <For each={toasts()}>
        {(one) => (
          <div class="toast" classList={{ bad: one.bad }}>
            <Icon name={one.bad ? "alert" : "check"} />
            <span class="break">{one.text}</span>
            <button type="button" class="button quiet small" aria-label="Close message" onClick={() => drop(one.id)}>
              <Icon name="close" />
            </button>
          </div>
        )}
      </For>
    </div>
  );
}
