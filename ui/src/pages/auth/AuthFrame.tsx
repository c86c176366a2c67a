// The frame of the pages that are shown before anybody is signed in: one card, the mark, nothing of the fleet.
import { createEffect, type JSX } from "solid-js";
import { setTheme, theme } from "../../shell/theme";
import { Icon } from "../../parts/Icon";
import "./auth.css";

export function AuthFrame(props: { title: string; lead?: JSX.Element; foot?: JSX.Element; children: JSX.Element }) {
  createEffect(() => {
    document.title = `${props.title} · Rampart`;
  });
  const next = () => (theme() === "auto" ? "light" : theme() === "light" ? "dark" : "auto");
  return (
    <div class="auth">
      <header class="auth-bar">
        <svg class="brand-mark" viewBox="0 0 32 32" aria-hidden="true">
          <path d="M5 7h5v5h4V7h4v5h4V7h5v9l-2 10H7L5 16z" />
        </svg>
        <span class="auth-name">Rampart</span>
        <button type="button" class="auth-theme" onClick={() => setTheme(next())} title={`Theme: ${theme()}`}>
          <Icon name={theme() === "auto" ? "auto" : theme() === "light" ? "sun" : "moon"} />
          <span class="visually-hidden">{`Theme: ${theme()}`}</span>
        </button>
      </header>
      <main class="auth-card card" id="main">
        <div class="auth-head">
          <h1>{props.title}</h1>
          {props.lead ? <p class="muted">{props.lead}</p> : null}
        </div>
        {props.children}
      </main>
      {props.foot ? <footer class="auth-foot small">{props.foot}</footer> : null}
    </div>
  );
}
