// What a view shows of the API: loaded when the path changes, loaded anew when the plane says that it changed.
import { batch, createEffect, createSignal, on, onCleanup, untrack, type Accessor } from "solid-js";
import { createStore, reconcile } from "solid-js/store";
import { announce } from "../shell/announce";
import { ApiError, get, withParams } from "./client";
import { onChange, type ChangeKind } from "./events";
import type { Page } from "./types";

export interface Query<T> {
  /** The newest answer; `undefined` before the first. */
  data: Accessor<T | undefined>;
  /** Why the newest call failed; an older answer may still be there. */
  error: Accessor<ApiError | undefined>;
  /** No answer yet. */
  loading: Accessor<boolean>;
  refetch: () => void;
}

export interface QueryOptions {
  /** Kinds of change after which the answer may differ. */
  on?: readonly ChangeKind[];
  /** Only changes of this cluster count. */
  cluster?: () => string | null | undefined;
  /** Keep showing the old answer while a new path loads (filters), instead of a skeleton (another thing). */
  keep?: boolean;
  /** Lists: come back to what was loaded, as after going back from one of its items. */
  remember?: boolean;
  /** Said politely to screen readers when a live change brought something new. */
  says?: string;
}

export function createQuery<T>(path: Accessor<string | null | undefined>, options: QueryOptions = {}): Query<T> {
  const [state, setState] = createStore<{ value: { data: T } | undefined }>({ value: undefined });
  const [error, setError] = createSignal<ApiError>();
  const [loading, setLoading] = createSignal(true);
  let shown: unknown;
  let running: AbortController | undefined;

  async function load(wanted: string, liveChange: boolean): Promise<void> {
    running?.abort();
    const mine = new AbortController();
    running = mine;
    try {
      const answer = await get<T>(wanted, { signal: mine.signal });
      if (mine.signal.aborted) return;
      batch(() => {
        setError(undefined);
        setLoading(false);
        if (answer === shown) return;
        shown = answer;
        // Merged leaf by leaf: what is on screen keeps its elements and so its focus. The clone keeps the remembered answer as it came.
        setState("value", reconcile({ data: structuredClone(answer) }, { key: null, merge: true }));
        if (liveChange && options.says) announce(options.says);
      });
    } catch (cause) {
      if (mine.signal.aborted) return;
      batch(() => {
        setError(asApiError(cause));
        setLoading(false);
      });
    }
  }

  createEffect(
    on(path, (wanted) => {
      running?.abort();
      if (!options.keep) {
        shown = undefined;
        setState("value", undefined);
      }
      setError(undefined);
      setLoading(state.value === undefined);
      if (wanted) void load(wanted, false);
    }),
  );
  onCleanup(() => running?.abort());

  const again = (liveChange: boolean) => {
    const wanted = path();
    if (wanted) void load(wanted, liveChange);
  };
  if (options.on) onChange(options.on, () => again(true), options.cluster);
  return { data: () => state.value?.data, error, loading, refetch: () => again(false) };
}

export interface Pages<T> {
  rows: Accessor<readonly T[]>;
  /** How many there are in all, where the list says so. */
  total: Accessor<number | undefined>;
  error: Accessor<ApiError | undefined>;
  loading: Accessor<boolean>;
  /** There is more than what was loaded. */
  hasMore: Accessor<boolean>;
  more: () => void;
  /** Something changed while several pages were on screen: they are not swept away; `refetch` shows the news. */
  stale: Accessor<boolean>;
  refetch: () => void;
}

const LISTS_KEPT = 4;
const lists = new Map<string, { rows: readonly unknown[]; total: number | undefined; next: string | null; first: unknown; pages: number }>();

/** A long list, read page by page as it is scrolled. */
export function createPages<T>(path: Accessor<string | null | undefined>, options: QueryOptions & { limit?: number } = {}): Pages<T> {
  const [rows, setRows] = createSignal<readonly T[]>([]);
  const [total, setTotal] = createSignal<number>();
  const [next, setNext] = createSignal<string | null>(null);
  const [error, setError] = createSignal<ApiError>();
  const [loading, setLoading] = createSignal(true);
  const [stale, setStale] = createSignal(false);
  const limit = options.limit ?? 200;
  let running: AbortController | undefined;
  let first: unknown;
  let pages = 0;

  async function load(wanted: string, cursor: string | null, liveChange: boolean): Promise<void> {
    running?.abort();
    const mine = new AbortController();
    running = mine;
    try {
      // Later pages are bigger: whoever scrolls is reading on.
      const url = withParams(wanted, { limit: cursor === null ? limit : 500, cursor });
      const page = await get<Page<T> & { total?: number }>(url, { signal: mine.signal });
      if (mine.signal.aborted) return;
      batch(() => {
        setError(undefined);
        setLoading(false);
        if (cursor !== null) {
          setRows((have) => have.concat(page.items));
          setNext(page.next);
          pages += 1;
          return;
        }
        if (page === first) return;
        if (liveChange && pages > 1) {
          setStale(true);
          announce("The list changed. Reload it to see what is new.");
          return;
        }
        first = page;
        pages = 1;
        setStale(false);
        setRows((have) => sameObjects(have, page.items));
        setTotal(page.total);
        setNext(page.next);
        if (liveChange && options.says) announce(options.says);
      });
    } catch (cause) {
      if (mine.signal.aborted) return;
      batch(() => {
        setError(asApiError(cause));
        setLoading(false);
      });
    } finally {
      if (running === mine) running = undefined;
    }
  }

  createEffect(
    on(path, (wanted, before) => {
      running?.abort();
      keepList(before);
      const kept = options.remember && wanted ? lists.get(wanted) : undefined;
      if (kept && wanted) {
        first = kept.first;
        pages = kept.pages;
        batch(() => {
          setRows(kept.rows as readonly T[]);
          setTotal(kept.total);
          setNext(kept.next);
          setError(undefined);
          setStale(false);
          setLoading(false);
        });
        void load(wanted, null, true);
        return;
      }
      first = undefined;
      pages = 0;
      batch(() => {
        setError(undefined);
        setStale(false);
        setLoading(true);
        if (!options.keep) setRows([]);
      });
      if (wanted) void load(wanted, null, false);
    }),
  );
  onCleanup(() => {
    running?.abort();
    keepList(path());
  });

  function keepList(name: string | null | undefined): void {
    if (!options.remember || !name || pages === 0) return;
    lists.delete(name);
    lists.set(name, { rows: untrack(rows), total: untrack(total), next: untrack(next), first, pages });
    const oldest = lists.keys().next();
    if (lists.size > LISTS_KEPT && !oldest.done) lists.delete(oldest.value);
  }

  const refetch = () => {
    const wanted = path();
    first = undefined;
    pages = 0;
    if (wanted) void load(wanted, null, false);
  };
  const more = () => {
    const wanted = path();
    const cursor = next();
    if (wanted && cursor !== null && !running && !error()) void load(wanted, cursor, false);
  };
  if (options.on) {
    const look = () => {
      const wanted = path();
      if (wanted && !running) void load(wanted, null, true);
    };
    onChange(options.on, look, options.cluster);
  }
  return { rows, total, error, loading, hasMore: () => next() !== null, more, stale, refetch };
}

/** Items that say the same as before stay the very objects, so that their rows are not drawn anew. */
function sameObjects<T>(have: readonly T[], items: readonly T[]): readonly T[] {
  if (have.length === 0) return items;
  const known = new Map(have.slice(0, items.length * 2).map((item) => [JSON.stringify(item), item]));
  return items.map((item) => known.get(JSON.stringify(item)) ?? item);
}

export function asApiError(cause: unknown): ApiError {
  if (cause instanceof ApiError) return cause;
  return new ApiError(0, "unexpected", cause instanceof Error ? cause.message : String(cause));
}
