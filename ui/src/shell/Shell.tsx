// Everything around a view: navigation, search, theme, who is signed in, live state, messages.
import { A, useLocation, useNavigate, type RouteSectionProps } from "@solidjs/router";
import { createEffect, createSignal, For, Match, on, onCleanup, onMount, Show, Suspense, Switch } from "solid-js";
import { connectEvents, live } from "../api/events";
import { withParams } from "../api/client";
import { Icon } from "../parts/Icon";
import { ErrorState, Skeleton } from "../parts/States";
import { Toasts } from "../parts/Toast";
import { spoken } from "./announce";
import { HelpDialog } from "./HelpDialog";
import { listenForKeys } from "./keys";
import { inPlace, PLACES } from "./navigation";
import { loadSession, PUBLIC, session, sessionError, signInPath, signOut } from "./session";
import { StatusBanner } from "./StatusBanner";
import { setTheme, theme, type Theme } from "./theme";
import "./shell.css";

export function Shell(props: RouteSectionProps) {
  const place = useLocation();
  const isPublic = () => PUBLIC.some((path) => place.pathname.startsWith(path));
  return (
    <Show when={isPublic()} fallback={<SignedIn>{props.children}</SignedIn>}>
      <Suspense fallback={<Skeleton />}>{props.children}</Suspense>
    </Show>
  );
}

function SignedIn(props: { children: RouteSectionProps["children"] }) {
  const navigate = useNavigate();
  const place = useLocation();
  const [menu, setMenu] = createSignal(false);
  const [help, setHelp] = createSignal(false);
  let search: HTMLInputElement | undefined;

  const start = async () => {
    if (await loadSession()) {
      if (session()) connectEvents();
    } else navigate(signInPath(), { replace: true });
  };
  onMount(() => {
    if (!session()) void start();
    onCleanup(
      listenForKeys({
        go: (href) => navigate(href),
        help: () => setHelp(true),
        search: () => {
          // A view with a search of its own lends it; else the one of the shell.
          const own = document.querySelector<HTMLInputElement>("main input[type=search]");
          (own ?? search)?.focus();
          (own ?? search)?.select();
        },
      }),
    );
  });
  createEffect(on(() => place.pathname, () => setMenu(false), { defer: true }));

  return (
    <div class="shell" classList={{ "menu-open": menu() }} onKeyDown={(event) => event.key === "Escape" && setMenu(false)}>
      <a class="skip" href="#main">
        Skip to content
      </a>
      <header class="topbar">
        <button
          type="button"
          class="topbar-button menu-button"
          aria-expanded={menu()}
          aria-controls="navigation"
          onClick={() => setMenu(!menu())}
        >
          <Icon name={menu() ? "close" : "menu"} />
          <span class="visually-hidden">Navigation</span>
        </button>
        <A href="/" class="brand" aria-label="Rampart, home">
          <svg class="brand-mark" viewBox="0 0 32 32" aria-hidden="true">
            <path d="M5 7h5v5h4V7h4v5h4V7h5v9l-2 10H7L5 16z" />
          </svg>
          <span>Rampart</span>
        </A>
        <form
          class="topbar-search"
          role="search"
          aria-label="Whole fleet"
          onSubmit={(event) => {
            event.preventDefault();
            navigate(withParams("/findings", { q: search?.value.trim() }));
            search?.blur();
          }}
        >
          <Icon name="search" />
          <input ref={search} type="search" aria-label="Search findings" aria-keyshortcuts="/" placeholder="Search findings: name, namespace, rule" />
          <kbd aria-hidden="true">/</kbd>
        </form>
        <div class="topbar-end">
          <LiveDot />
          <ThemeChoice />
          <button type="button" class="topbar-button" title="Keyboard shortcuts (?)" onClick={() => setHelp(true)}>
            <Icon name="keyboard" />
            <span class="visually-hidden">Keyboard shortcuts</span>
          </button>
          <Show when={session()}>
            {(mine) => (
              <div class="who">
                <A href="/settings" title={mine().user.email ?? mine().user.name}>
                  <Icon name="user" />
                  <span class="who-name cut">{mine().user.name}</span>
                </A>
                <button type="button" class="topbar-text" onClick={() => void signOut()}>
                  Sign out
                </button>
              </div>
            )}
          </Show>
        </div>
      </header>
      <nav class="nav" id="navigation" aria-label="Main">
        <For each={PLACES}>
          {(group) => (
            <ul>
              <For each={group}>
                {(one) => (
                  <li>
                    <A href={one.href} aria-current={inPlace(one, place.pathname) ? "page" : undefined} title={`${one.title} (g ${one.key})`}>
                      <Icon name={one.icon} />
                      <span>{one.title}</span>
                    </A>
                  </li>
                )}
              </For>
            </ul>
          )}
        </For>
        <Show when={session()}>
          {(mine) => (
            <div class="nav-foot">
              <p class="nav-who cut">{mine().user.name}</p>
              <button type="button" class="topbar-text nav-who" onClick={() => void signOut()}>
                Sign out
              </button>
              <p>Rampart {mine().version}</p>
            </div>
          )}
        </Show>
      </nav>
      <main id="main" tabindex="-1" onPointerDown={() => setMenu(false)}>
        <Switch fallback={<Skeleton label="Signing in" />}>
          <Match when={sessionError() && !session() ? sessionError() : undefined}>
            {(error) => <ErrorState error={error()} retry={() => void start()} />}
          </Match>
          <Match when={session()}>
            <StatusBanner />
            <Suspense fallback={<Skeleton lines={8} />}>{props.children}</Suspense>
          </Match>
        </Switch>
      </main>
      <HelpDialog open={help()} close={() => setHelp(false)} />
      <Toasts />
      <div class="visually-hidden" role="status" aria-live="polite">
        {spoken()}
      </div>
    </div>
  );
}

function LiveDot() {
  const words = () => (live() === "live" ? "Live" : live() === "connecting" ? "Connecting" : "Not live");
  return (
    <span class="live" data-state={live()} title={live() === "live" ? "Changes show by themselves" : "Changes do not show by themselves at the moment"}>
      <span class="live-dot" aria-hidden="true" />
      <span class="live-word">{words()}</span>
    </span>
  );
}

const THEMES: Record<Theme, { next: Theme; icon: "auto" | "sun" | "moon"; words: string }> = {
  auto: { next: "light", icon: "auto", words: "Theme: as the system" },
  light: { next: "dark", icon: "sun", words: "Theme: light" },
  dark: { next: "auto", icon: "moon", words: "Theme: dark" },
};

function ThemeChoice() {
  const now = () => THEMES[theme()];
  return (
    <button type="button" class="topbar-button" title={now().words} onClick={() => setTheme(now().next)}>
      <Icon name={now().icon} />
      <span class="visually-hidden">{now().words}</span>
    </button>
  );
}
