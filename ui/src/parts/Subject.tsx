// An object of a cluster, by kind, namespace and name.
import { Show } from "solid-js";
import type { Subject } from "../api/types";

export function subjectWords(subject: Subject): string {
  return `${subject.kind} ${subject.namespace === "" ? "" : `${subject.namespace}/`}${subject.name}`;
}

export function SubjectText(props: { subject: Subject }) {
  return (
    <span title={subjectWords(props.subject)}>
      <span class="faint">{props.subject.kind} </span>
      <Show when={props.subject.namespace !== ""}>
        <span class="muted">{props.subject.namespace}/</span>
      </Show>
      {props.subject.name}
    </span>
  );
}
