// Texts of rules, taken apart into blocks and spans.
export type Block = { kind: "paragraph"; text: string } | { kind: "list"; items: string[] } | { kind: "code"; text: string };

export function blocks(text: string): Block[] {
  const found: Block[] = [];
  let lines: string[] = [];
  let fence: string[] | null = null;
  const flush = () => {
    if (lines.length === 0) return;
    const items = lines.filter((line) => /^\s*[-*] /.test(line));
    // A list only when it starts as one; lines that follow an item belong to it.
    if (/^\s*[-*] /.test(lines[0] ?? "")) {
      const list: string[] = [];
      for (const line of lines) {
        if (/^\s*[-*] /.test(line)) list.push(line.replace(/^\s*[-*] /, ""));
        else list.push(`${list.pop() ?? ""} ${line.trim()}`);
      }
      found.push({ kind: "list", items: list });
    } else if (items.length > 0) {
      const at = lines.findIndex((line) => /^\s*[-*] /.test(line));
      const rest = lines.slice(at);
      found.push({ kind: "paragraph", text: lines.slice(0, at).join(" ") });
      lines = rest;
      flush();
    } else found.push({ kind: "paragraph", text: lines.join(" ") });
    lines = [];
  };
  for (const line of text.split(/\r?\n/)) {
    if (fence) {
      if (/^\s*```/.test(line)) {
        found.push({ kind: "code", text: fence.join("\n") });
        fence = null;
      } else fence.push(line);
    } else if (/^\s*```/.test(line)) {
      flush();
      fence = [];
    } else if (line.trim() === "") flush();
    else lines.push(line.trimEnd());
  }
  flush();
  if (fence) found.push({ kind: "code", text: fence.join("\n") });
  return found;
}

export interface Span {
  code: boolean;
  text: string;
}

export function spans(text: string): Span[] {
  return text
    .split(/(`[^`]+`)/)
    .filter((part) => part !== "")
    .map((part) => (part.length > 2 && part.startsWith("`") && part.endsWith("`") ? { code: true, text: part.slice(1, -1) } : { code: false, text: part }));
}
