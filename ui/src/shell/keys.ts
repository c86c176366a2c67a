// Keys that work everywhere: `/` searches, `?` helps, `g` and a letter goes somewhere.
import { PLACES } from "./navigation";

const CHORD_MS = 1200;

function typing(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || target.matches("input, textarea, select");
}

export function listenForKeys(acts: { go: (href: string) => void; help: () => void; search: () => void }): () => void {
  let chordUntil = 0;
  const listen = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (typing(event.target) || document.querySelector("dialog[open]")) return;
    if (event.timeStamp < chordUntil) {
      chordUntil = 0;
      const place = PLACES.flat().find((one) => one.key === event.key.toLowerCase());
      if (place) {
        event.preventDefault();
        acts.go(place.href);
      }
      return;
    }
    if (event.key === "g") chordUntil = event.timeStamp + CHORD_MS;
    else if (event.key === "/") {
      event.preventDefault();
      acts.search();
    } else if (event.key === "?") {
      event.preventDefault();
      acts.help();
    }
  };
  window.addEventListener("keydown", listen);
  return () => window.removeEventListener("keydown", listen);
}
