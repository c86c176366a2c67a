// The token in the fragment of the one-time link.

/** `#TOKEN` or `#token=TOKEN`. */
export function tokenOf(fragment: string): string {
  const text = fragment.replace(/^#/, "");
  return text.includes("=") ? (new URLSearchParams(text).get("token") ?? "") : decodeURIComponent(text);
}
