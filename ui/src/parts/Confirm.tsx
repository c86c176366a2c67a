// Asks before something that cannot be undone, with a comment where the audit trail wants one.
import { createEffect, createSignal, on, Show, type JSX } from "solid-js";
import { createAction } from "../api/action";
import { Dialog } from "./Dialog";
import { FormProblem, TextArea } from "./Field";

export function Confirm(props: {
  title: string;
  open: boolean;
  close: () => void;
  /** What the button says. */
  verb: string;
  danger?: boolean;
  comment?: "required" | "optional";
  act: (comment: string) => Promise<void>;
  children: JSX.Element;
}) {
  const [comment, setComment] = createSignal("");
  const act = createAction(async () => {
    await props.act(comment().trim());
    props.close();
  });
  createEffect(
    on(
      () => props.open,
      (open) => {
        if (!open) return;
        setComment("");
        act.clear();
      },
    ),
  );
  const lacking = () => props.comment === "required" && comment().trim() === "";
  return (
    <Dialog title={props.title} open={props.open} close={props.close}>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          if (!lacking()) void act.run();
        }}
      >
        <div>{props.children}</div>
        <Show when={props.comment}>
          <TextArea
            label="Comment"
            hint="It stays with the decision and in the audit trail."
            optional={props.comment === "optional"}
            required={props.comment === "required"}
            value={comment()}
            onChange={setComment}
            problem={act.of("comment")}
          />
        </Show>
        <FormProblem message={act.general(props.comment ? ["comment"] : [])} />
        <div class="form-end">
          <button type="button" class="button" onClick={() => props.close()}>
            Cancel
          </button>
          <button type="submit" class="button" classList={{ primary: !props.danger, danger: props.danger ?? false }} disabled={act.busy() || lacking()}>
            {act.busy() ? "One moment" : props.verb}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
