// Light, dark or as the system says; remembered in this browser.
import { createSignal } from "solid-js";

export type Theme = "auto" | "light" | "dark";
const KEY = "rampart-theme";

function stored(): Theme {
  try {
    const value = localStorage.getItem(KEY);
    return value === "light" || value === "dark" ? value : "auto";
  } catch {
    return "auto";
  }
}

const [theme, set] = createSignal<Theme>(stored());
export { theme };

export function setTheme(next: Theme): void {
  set(next);
  try {
    if (next === "auto") localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, next);
  } catch {
    // A browser that stores nothing still shows the choice until the page is closed.
  }
  applyTheme();
}

export function applyTheme(): void {
  const root = document.documentElement;
  if (theme() === "auto") delete root.dataset["theme"];
  else root.dataset["theme"] = theme();
}
