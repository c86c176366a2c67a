// Who is signed in and what they may do.
import { createSignal } from "solid-js";
import { ApiError, forgetAnswers, get, onSignedOut, send, setCsrf } from "../api/client";
import type { Role, Session } from "../api/types";

const [session, setSession] = createSignal<Session>();
const [sessionError, setSessionError] = createSignal<ApiError>();
export { session, sessionError };

const RANK: Record<Role, number> = { viewer: 0, auditor: 1, operator: 2, admin: 3 };

/** Whether the signed-in person holds at least this role somewhere. The server decides; this only spares dead buttons. */
export function may(role: Role): boolean {
  const mine = session();
  return mine !== undefined && RANK[mine.role] >= RANK[role];
}

export function signInPath(): string {
  const here = location.pathname + location.search;
  return here === "/" ? "/sign-in" : `/sign-in?return=${encodeURIComponent(here)}`;
}

/** Reads the session; `false` when nobody is signed in. */
export async function loadSession(): Promise<boolean> {
  try {
    const mine = await get<Session>("/session");
    setCsrf(mine.csrf);
    setSession(mine);
    setSessionError(undefined);
    return true;
  } catch (cause) {
    if (cause instanceof ApiError && cause.status === 401) return false;
    setSessionError(cause instanceof ApiError ? cause : new ApiError(0, "unexpected", String(cause)));
    return true;
  }
}

export async function signOut(): Promise<void> {
  await send("POST", "/auth/logout");
  setSession(undefined);
  forgetAnswers();
  location.assign("/sign-in");
}

onSignedOut(() => {
  setSession(undefined);
  forgetAnswers();
  if (!PUBLIC.some((path) => location.pathname.startsWith(path))) location.assign(signInPath());
});

/** Pages that show themselves without the shell and without a session. */
export const PUBLIC = ["/sign-in", "/first-run"];
