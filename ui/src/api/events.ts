// One stream of the plane's changes, shared by everything on the page.
import { createSignal, onCleanup } from "solid-js";
import { apiHref } from "./client";
import type { ChangeEvent } from "./types";

export type ChangeKind = ChangeEvent["kind"];
type Listener = (events: readonly ChangeEvent[]) => void;

/** Changes come in bursts (one per finding of an evaluation): listeners hear of a burst once. */
const GATHER_MS = 300;
const RETRY_MS = 10_000;

const listeners = new Set<Listener>();
let gathered: ChangeEvent[] = [];
let timer: number | undefined;
let source: EventSource | undefined;

const [live, setLive] = createSignal<"connecting" | "live" | "off">("connecting");
/** Whether changes arrive by themselves at the moment. */
export { live };

export function connectEvents(): void {
  if (source) return;
  let before = false;
  const stream = new EventSource(apiHref("/events"));
  source = stream;
  stream.addEventListener("open", () => {
    setLive("live");
    // What happened while the stream was away is not known: ask anew.
    if (before) tell({ kind: "status", cluster: null, at: new Date().toISOString() }, true);
    before = true;
  });
  stream.addEventListener("change", (message) => {
    try {
      tell(JSON.parse((message as MessageEvent<string>).data) as ChangeEvent, false);
    } catch {
      // A line that is not JSON says nothing; the next one will.
    }
  });
  stream.addEventListener("error", () => {
    setLive(stream.readyState === EventSource.CLOSED ? "off" : "connecting");
    if (stream.readyState !== EventSource.CLOSED) return;
    source = undefined;
    window.setTimeout(connectEvents, RETRY_MS);
  });
}

let everything = false;
function tell(event: ChangeEvent, all: boolean): void {
  gathered.push(event);
  everything ||= all;
  timer ??= window.setTimeout(() => {
    const events = gathered;
    const kinds: ChangeKind[] = ["evaluation", "finding", "waiver", "agent", "cluster", "delivery", "status"];
    if (everything) for (const kind of kinds) events.push({ ...event, kind, cluster: null });
    gathered = [];
    everything = false;
    timer = undefined;
    for (const listener of [...listeners]) listener(events);
  }, GATHER_MS);
}

/** Calls `act` when something of these kinds changed; `cluster` narrows it to one cluster. Ends with the owner. */
export function onChange(kinds: readonly ChangeKind[], act: () => void, cluster?: () => string | null | undefined): void {
  const listener: Listener = (events) => {
    const only = cluster?.();
    const hit = events.some((event) => kinds.includes(event.kind) && (!only || event.cluster === null || event.cluster === only));
    if (hit) act();
  };
  listeners.add(listener);
  onCleanup(() => listeners.delete(listener));
}
