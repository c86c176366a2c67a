// What a view says when there is nothing to show, when it failed, and while it loads.
import { For, Show, type JSX } from "solid-js";
import type { ApiError } from "../api/client";
import { Icon, type IconName } from "./Icon";
import "./states.css";

export function EmptyState(props: { title: string; icon?: IconName; action?: JSX.Element; children?: JSX.Element }) {
  return (
    <div class="state">
      <Icon name={props.icon ?? "wall"} />
      <p class="state-title">{props.title}</p>
      <Show when={props.children}>
        <div class="muted">{props.children}</div>
      </Show>
      {props.action}
    </div>
  );
}

export function ErrorState(props: { error: ApiError; retry?: () => void }) {
  const title = () => {
    if (props.error.status === 403) return "This is not shown to you";
    if (props.error.status === 404) return "It is not there";
    if (props.error.status === 0) return "No answer from the plane";
    return "The plane could not answer";
  };
  return (
    <div class="state error" role="alert">
      <Icon name={props.error.status === 403 ? "lock" : "alert"} />
      <p class="state-title">{title()}</p>
      <p class="muted break">{props.error.message}</p>
      <p class="faint small mono">{props.error.code}</p>
      <Show when={props.retry}>
        {(retry) => (
          <button type="button" class="button" onClick={() => retry()()}>
            Try again
          </button>
        )}
      </Show>
    </div>
  );
}

/** A line above content that is still shown although the newest call failed. */
export function StaleNotice(props: { error: ApiError | undefined; retry: () => void }) {
  return (
    <Show when={props.error}>
      {(error) => (
        <div class="notice warn" role="status">
          <Icon name="alert" />
          <span class="break">What you see may be old: {error().message}</span>
          <button type="button" class="button small" onClick={() => props.retry()}>
            Try again
          </button>
        </div>
      )}
    </Show>
  );
}

export function Skeleton(props: { lines?: number; label?: string }) {
  return (
    <div class="skeleton" role="status">
      <span class="visually-hidden">{props.label ?? "Loading"}</span>
      <For each={Array.from({ length: props.lines ?? 4 })}>{() => <span class="bone" aria-hidden="true" />}</For>
    </div>
  );
}

/** Chooses between skeleton, error and content; an old answer stays on screen when a newer call fails. */
export function Loaded<T>(props: {
  query: { data: () => T | undefined; error: () => ApiError | undefined; loading: () => boolean; refetch: () => void };
  lines?: number;
  children: (data: () => T) => JSX.Element;
}) {
  return (
    <Show
      when={props.query.data()}
      fallback={
        <Show when={props.query.error()} fallback={<Skeleton lines={props.lines ?? 6} />}>
          {(error) => <ErrorState error={error()} retry={props.query.refetch} />}
        </Show>
      }
    >
      {(data) => (
        <>
          <StaleNotice error={props.query.error()} retry={props.query.refetch} />
          {props.children(data as () => T)}
        </>
      )}
    </Show>
  );
}
