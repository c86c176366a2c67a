// The proposed change as a diff, to read and to copy.
import { createMemo, For } from "solid-js";
import type { Finding } from "../../api/types";
import { Icon } from "../../parts/Icon";
import { toast } from "../../parts/Toast";
import { diffOf } from "./diff";

export function FixDiff(props: { finding: Finding }) {
  const lines = createMemo(() => diffOf(props.finding.subject, props.finding.remedies, props.finding.evidence));
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(lines().map((line) => `${line.mark}${line.text}`).join("\n"));
      toast("The diff was copied.");
    } catch {
      toast("The browser does not allow copying; select the lines instead.", { bad: true });
    }
  };
  return (
    <figure class="diff">
      <figcaption class="diff-head small">
        <span class="muted">Proposed change. Fields that stay are left out.</span>
        <button type="button" class="button quiet small" onClick={() => void copy()}>
          <Icon name="copy" />
          Copy
        </button>
      </figcaption>
      <div class="code" tabindex="0" role="group" aria-label="Proposed change as a diff">
        <pre class="code-text">
          <For each={lines()}>
            {(line) => (
              <span class="diff-line" data-mark={line.mark}>
                {`${line.mark} ${line.text}\n`}
              </span>
            )}
          </For>
        </pre>
      </div>
    </figure>
  );
}
