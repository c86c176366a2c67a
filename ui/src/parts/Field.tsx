// A control with its label, its hint and what is wrong with it, wired together for screen readers.
import { createUniqueId, Show, splitProps, type JSX } from "solid-js";
import { Icon } from "./Icon";
import "./field.css";

export interface Wired {
  id: string;
  "aria-describedby": string | undefined;
  "aria-invalid": "true" | undefined;
}

export function Field(props: { label: string; hint?: JSX.Element; problem?: string | undefined; optional?: boolean; children: (wired: Wired) => JSX.Element }) {
  const id = createUniqueId();
  const wired: Wired = {
    id,
    get "aria-describedby"() {
      const parts = [props.hint ? `${id}-hint` : "", props.problem ? `${id}-problem` : ""].filter(Boolean);
      return parts.length ? parts.join(" ") : undefined;
    },
    get "aria-invalid"() {
      return props.problem ? ("true" as const) : undefined;
    },
  };
  return (
    <div class="field">
      <label class="label" for={id}>
        {props.label}
        <Show when={props.optional}>
          <span class="optional"> (optional)</span>
        </Show>
      </label>
      {props.children(wired)}
      <Show when={props.hint}>
        <p class="hint" id={`${id}-hint`}>
          {props.hint}
        </p>
      </Show>
      <Show when={props.problem}>
        <p class="problem" id={`${id}-problem`} role="alert">
          {props.problem}
        </p>
      </Show>
    </div>
  );
}

type Kept = "label" | "hint" | "problem" | "optional" | "value" | "onChange";

/** A line of text. */
export function TextField(
  props: {
    label: string;
    hint?: JSX.Element;
    problem?: string | undefined;
    optional?: boolean;
    value: string;
    onChange: (value: string) => void;
  } & Omit<JSX.InputHTMLAttributes<HTMLInputElement>, Kept | "onInput">,
) {
  const [own, rest] = splitProps(props, ["label", "hint", "problem", "optional", "value", "onChange"]);
  return (
    <Field label={own.label} hint={own.hint} problem={own.problem} optional={own.optional ?? false}>
      {(wired) => <input class="input" autocomplete="off" {...rest} {...wired} value={own.value} onInput={(event) => own.onChange(event.currentTarget.value)} />}
    </Field>
  );
}

/** Several lines of text. */
export function TextArea(props: {
  label: string;
  hint?: JSX.Element;
  problem?: string | undefined;
  optional?: boolean;
  value: string;
  onChange: (value: string) => void;
  rows?: number;
  required?: boolean;
  mono?: boolean;
}) {
  return (
    <Field label={props.label} hint={props.hint} problem={props.problem} optional={props.optional ?? false}>
      {(wired) => (
        <textarea
          class="input"
          classList={{ mono: props.mono ?? false }}
          rows={props.rows ?? 3}
          required={props.required ?? false}
          spellcheck={!props.mono}
          {...wired}
          value={props.value}
          onInput={(event) => props.onChange(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}

/** One of a few. */
export function SelectField<T extends string>(props: {
  label: string;
  hint?: JSX.Element;
  problem?: string | undefined;
  optional?: boolean;
  value: T;
  options: readonly { value: T; label: string }[];
  onChange: (value: T) => void;
}) {
  return (
    <Field label={props.label} hint={props.hint} problem={props.problem} optional={props.optional ?? false}>
      {(wired) => (
        <select class="input" {...wired} onChange={(event) => props.onChange(event.currentTarget.value as T)}>
          {props.options.map((one) => (
            <option value={one.value} selected={one.value === props.value}>
              {one.label}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

export function CheckField(props: { label: string; hint?: JSX.Element; checked: boolean; onChange: (checked: boolean) => void; disabled?: boolean }) {
  const id = createUniqueId();
  return (
    <div class="check-field">
      <input
        type="checkbox"
        id={id}
        checked={props.checked}
        disabled={props.disabled ?? false}
        aria-describedby={props.hint ? `${id}-hint` : undefined}
        onChange={(event) => props.onChange(event.currentTarget.checked)}
      />
      <div>
        <label for={id}>{props.label}</label>
        <Show when={props.hint}>
          <p class="hint" id={`${id}-hint`}>
            {props.hint}
          </p>
        </Show>
      </div>
    </div>
  );
}

/** What the plane said of the whole form. */
export function FormProblem(props: { message: string | undefined }) {
  return (
    <Show when={props.message}>
      <div class="notice bad" role="alert">
        <Icon name="alert" />
        <span class="break">{props.message}</span>
      </div>
    </Show>
  );
}
