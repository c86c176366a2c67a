import { For } from "solid-js";
import { Dialog } from "../parts/Dialog";
import { PLACES } from "./navigation";

const KEYS: [string, string][] = [
  ["/", "Search"],
  ["?", "This help"],
  ["Esc", "Close a dialog"],
  ["↑ ↓", "In a table: the row before, the next row"],
  ["Home End", "In a table: the first row, the last row"],
  ["Enter", "In a table: open the row"],
  ["Space", "In a table: select the row"],
];

export function HelpDialog(props: { open: boolean; close: () => void }) {
  const rows = () => [...KEYS, ...PLACES.flat().map((place): [string, string] => [`g ${place.key}`, `Go to ${place.title}`])];
  return (
    <Dialog title="Keyboard shortcuts" open={props.open} close={props.close}>
      <table class="plain-table">
        <thead class="visually-hidden">
          <tr>
            <th scope="col">Keys</th>
            <th scope="col">What they do</th>
          </tr>
        </thead>
        <tbody>
          <For each={rows()}>
            {([keys, words]) => (
              <tr>
                <th scope="row">
                  <For each={keys.split(" ")}>{(key) => <kbd>{key}</kbd>}</For>
                </th>
                <td>{words}</td>
              </tr>
            )}
          </For>
        </tbody>
      </table>
    </Dialog>
  );
}
