// Something a person starts: runs once at a time, keeps why it failed and which field the plane complained of.
import { createSignal, type Accessor } from "solid-js";
import type { ApiError } from "./client";
import { asApiError } from "./query";

export interface Action<A extends unknown[]> {
  busy: Accessor<boolean>;
  error: Accessor<ApiError | undefined>;
  /** What the plane said of this field. */
  of: (field: string) => string | undefined;
  /** What it said that belongs to none of the fields that are shown. */
  general: (fields?: readonly string[]) => string | undefined;
  /** `true` when it worked. */
  run: (...args: A) => Promise<boolean>;
  clear: () => void;
}

export function createAction<A extends unknown[]>(act: (...args: A) => Promise<void>): Action<A> {
  const [busy, setBusy] = createSignal(false);
  const [error, setError] = createSignal<ApiError>();
  return {
    busy,
    error,
    of: (field) => (error()?.field === field ? error()?.message : undefined),
    general: (fields = []) => {
      const problem = error();
      return problem && !(problem.field && fields.includes(problem.field)) ? problem.message : undefined;
    },
    run: async (...args) => {
      if (busy()) return false;
      setBusy(true);
      setError(undefined);
      try {
        await act(...args);
        return true;
      } catch (cause) {
        setError(asApiError(cause));
        return false;
      } finally {
        setBusy(false);
      }
    },
    clear: () => setError(undefined),
  };
}
