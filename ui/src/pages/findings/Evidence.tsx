// What was seen: the field, its value and the line of the source.
import { Show } from "solid-js";
import type { Finding } from "../../api/types";

export function Evidence(props: { finding: Finding }) {
  const evidence = () => props.finding.evidence;
  const withheld = () => evidence().value === null && evidence().excerpt === null && evidence().path !== "";
  return (
    <section class="card" aria-labelledby="evidence">
      <div class="card-head">
        <h2 id="evidence">Evidence</h2>
        <Show when={evidence().location}>
          {(place) => (
            <span class="mono small muted break">
              {place().file}:{place().line}:{place().column}
            </span>
          )}
        </Show>
      </div>
      <div class="card-body stack">
        <dl class="fact-list">
          <Show when={evidence().path !== ""}>
            <dt>Field</dt>
            <dd class="mono break">{evidence().path}</dd>
          </Show>
          <Show when={evidence().value !== null}>
            <dt>Value</dt>
            <dd class="mono break">{evidence().value === "" ? "(empty)" : evidence().value}</dd>
          </Show>
        </dl>
        <Show when={evidence().excerpt}>
          {(excerpt) => (
            <Excerpt text={excerpt()} line={evidence().location?.line ?? null} column={evidence().location?.column ?? null} />
          )}
        </Show>
        <Show when={withheld()}>
          <p class="small muted">No value is shown: it may be absent, or it may be a secret, which never leaves its cluster.</p>
        </Show>
      </div>
    </section>
  );
}

/** The source with its line numbers; for a single line a mark stands below the field. */
function Excerpt(props: { text: string; line: number | null; column: number | null }) {
  const lines = () => props.text.replace(/\n$/, "").split("\n");
  const mark = () => (lines().length === 1 && props.column !== null ? `${" ".repeat(Math.max(0, props.column - 1))}▲` : null);
  const text = () => (props.line === null ? "" : lines().map((_, at) => String((props.line ?? 0) + at)).join("\n"));
  return (
    <div class="code" tabindex="0" role="group" aria-label="Source">
      <Show when={text() !== ""}>
        <pre class="code-lines" aria-hidden="true">
          {text()}
        </pre>
      </Show>
      <pre class="code-text">
        {lines().join("\n")}
        <Show when={mark()}>
          {(words) => (
            <span class="code-mark" aria-hidden="true">
              {`\n${words()}`}
            </span>
          )}
        </Show>
      </pre>
    </div>
  );
}
