// An own framework from a YAML file: chosen, dropped into the text field or typed.
import { createEffect, createSignal, createUniqueId, on } from "solid-js";
import { createAction } from "../../api/action";
import { sendText } from "../../api/client";
import type { FrameworkBrief } from "../../api/types";
import { Dialog } from "../../parts/Dialog";
import { FormProblem, TextArea } from "../../parts/Field";
import { toast } from "../../parts/Toast";

const EXAMPLE = `schema: rampart.framework/v1
id: acme-baseline
title: Acme baseline
version: "2026.1"
requirements:
- id: ACME-1
  title: No container runs as root
  rules: [pod-security/run-as-non-root]
- id: ACME-2
  title: Clusters are rebuilt each quarter
  note: looked at by people, in the change calendar
`;
const MOST = 1024 * 1024;

export function Upload(props: { open: boolean; close: () => void; done: () => void }) {
  const id = createUniqueId();
  const [text, setText] = createSignal("");
  const [tooBig, setTooBig] = createSignal<string>();
  const upload = createAction(async () => {
    const made = await sendText<FrameworkBrief | undefined>("POST", "/frameworks", text(), "text/yaml");
    toast(`${made?.title ?? "The framework"} is assessed from now on`);
    props.done();
    props.close();
  });
  createEffect(
    on(
      () => props.open,
      (open) => {
        if (!open) return;
        setText("");
        setTooBig(undefined);
        upload.clear();
      },
    ),
  );
  const read = async (file: File | undefined) => {
    if (!file) return;
    if (file.size > MOST) setTooBig("The file is larger than 1 MiB.");
    else {
      setTooBig(undefined);
      setText(await file.text());
    }
  };
  return (
    <Dialog title="Add an own framework" open={props.open} close={props.close} wide>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          void upload.run();
        }}
      >
        <div class="field">
          <label class="label" for={id}>
            File
          </label>
          <input id={id} class="input" type="file" accept=".yaml,.yml,text/yaml,application/yaml" onChange={(event) => void read(event.currentTarget.files?.[0])} />
        </div>
        <TextArea
          label="Content"
          mono
          rows={14}
          required
          hint="Each requirement names the rules that show it; one without rules is listed as not assessable here, with its note."
          problem={tooBig() ?? upload.of("text")}
          value={text()}
          onChange={setText}
        />
        <FormProblem message={upload.general(["text"])} />
        <div class="form-end">
          <button type="button" class="button quiet" onClick={() => setText(EXAMPLE)}>
            Fill in an example
          </button>
          <button type="button" class="button" onClick={() => props.close()}>
            Cancel
          </button>
          <button type="submit" class="button primary" disabled={upload.busy() || text().trim() === ""}>
            {upload.busy() ? "Checking" : "Add"}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
