// Texts of rules: paragraphs, lists, `code` and fenced blocks, as elements. Nothing in a text can become markup.
import { For, Match, Switch } from "solid-js";
import { blocks, spans } from "./blocks";
import "./prose.css";

/** A line of text with its `code` set as code. */
export function Inline(props: { text: string }) {
  return <For each={spans(props.text)}>{(span) => (span.code ? <code>{span.text}</code> : <>{span.text}</>)}</For>;
}

export function Prose(props: { text: string }) {
  return (
    <div class="prose">
      <For each={blocks(props.text)}>
        {(block) => (
          <Switch>
            <Match when={block.kind === "code" ? block : undefined}>
              {(code) => (
                <pre tabindex="0" role="group" aria-label="Example">
                  {code().text}
                </pre>
              )}
            </Match>
            <Match when={block.kind === "list" ? block : undefined}>
              {(list) => (
                <ul>
                  <For each={list().items}>
                    {(item) => (
                      <li>
                        <Inline text={item} />
                      </li>
                    )}
                  </For>
                </ul>
              )}
            </Match>
            <Match when={block.kind === "paragraph" ? block : undefined}>
              {(paragraph) => (
                <p>
                  <Inline text={paragraph().text} />
                </p>
              )}
            </Match>
          </Switch>
        )}
      </For>
    </div>
  );
}
