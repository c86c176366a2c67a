// Remedies as a diff that a person can read: the changed fields within the maps that hold them.
import type { Finding, Subject } from "../../api/types";

export type Remedy = Finding["remedies"][number];
export interface Line {
  mark: " " | "+" | "-";
  text: string;
}
export type Step = string | number;

/** Steps of a field path such as `spec.containers[0].env["a.b"]`. */
export function steps(path: string): Step[] {
  const found: Step[] = [];
  const pattern = /\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]|([^.[\]]+)/g;
  for (const [, quoted, index, plain] of path.matchAll(pattern)) {
    if (quoted !== undefined) found.push(quoted.replaceAll(/\\(.)/g, "$1"));
    else if (index !== undefined) found.push(Number(index));
    else if (plain !== undefined) found.push(plain);
  }
  return found;
}

interface Node {
  children: Map<Step, Node>;
  leaves: { op: "set" | "append" | "remove"; value: unknown }[];
}

function node(): Node {
  return { children: new Map(), leaves: [] };
}

/** `old` is what the evidence shows to stand at a path now. */
export function diffOf(subject: Subject, remedies: readonly Remedy[], old: { path: string; value: string | null }): Line[] {
  const root = node();
  for (const remedy of remedies) {
    if (remedy.op === "add") continue;
    let here = root;
    for (const step of steps(remedy.path)) {
      const next = here.children.get(step) ?? node();
      here.children.set(step, next);
      here = next;
    }
    here.leaves.push({ op: remedy.op, value: remedy.op === "remove" ? undefined : remedy.value });
  }
  const lines: Line[] = [];
  if (root.children.size > 0) {
    lines.push(...context([`apiVersion: ${scalar(subject.apiVersion)}`, `kind: ${scalar(subject.kind)}`, "metadata:", `  name: ${scalar(subject.name)}`]));
    if (subject.namespace !== "") lines.push(...context([`  namespace: ${scalar(subject.namespace)}`]));
    draw(root, "", "", old, lines);
  }
  for (const remedy of remedies) {
    if (remedy.op !== "add") continue;
    if (lines.length > 0) lines.push({ mark: "+", text: "---" });
    for (const text of remedy.yaml.replace(/\n$/, "").split("\n")) lines.push({ mark: "+", text });
  }
  return lines;
}

function context(texts: string[]): Line[] {
  return texts.map((text) => ({ mark: " ", text }));
}

function draw(here: Node, indent: string, path: string, old: { path: string; value: string | null }, out: Line[]): void {
  for (const [step, child] of here.children) {
    const at = typeof step === "number" ? `${path}[${step}]` : /^[\w-]+$/.test(step) ? `${path}${path === "" ? "" : "."}${step}` : `${path}["${step}"]`;
    const before = old.path === at ? old.value : null;
    const head = typeof step === "number" ? "-" : `${scalar(step)}:`;
    const note = typeof step === "number" ? ` # item ${step + 1}` : "";
    const [set] = child.leaves.filter((leaf) => leaf.op !== "append");
    if (set) {
      const removed = set.op === "remove";
      if (before !== null) out.push({ mark: "-", text: `${indent}${head} ${standing(before, set.value)}` });
      else if (removed) out.push({ mark: "-", text: `${indent}${head} …${note}` });
      if (!removed) out.push(...added(`${indent}${head}`, indent, set.value));
      continue;
    }
    out.push({ mark: " ", text: `${indent}${head}${note}` });
    for (const leaf of child.leaves) out.push(...added(`${indent}  -`, `${indent}  `, leaf.value));
    draw(child, `${indent}  `, at, old, out);
  }
}

function added(head: string, indent: string, value: unknown): Line[] {
  const body = yaml(value, `${indent}  `);
  if (body.length === 1 && !isNested(value)) return [{ mark: "+", text: `${head} ${body[0]?.trim()}` }];
  return [{ mark: "+", text: head }, ...body.map((text): Line => ({ mark: "+", text }))];
}

function isNested(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).length > 0;
}

/** What stands there now. The evidence has it as text; a truth or a number is taken for one unless a text takes its place. */
function standing(before: string, after: unknown): string {
  return typeof after !== "string" && /^(true|false|null|-?\d+(\.\d+)?)$/.test(before) ? before : scalar(before);
}

/** A JSON value as block YAML lines. */
export function yaml(value: unknown, indent: string): string[] {
  if (Array.isArray(value) && value.length > 0) {
    return value.flatMap((one) => {
      const [first = "", ...rest] = yaml(one, `${indent}  `);
      return [`${indent}- ${first.trim()}`, ...rest];
    });
  }
  if (typeof value === "object" && value !== null && Object.keys(value).length > 0) {
    return Object.entries(value).flatMap(([key, one]) => (isNested(one) ? [`${indent}${scalar(key)}:`, ...yaml(one, `${indent}  `)] : [`${indent}${scalar(key)}: ${scalar(one)}`]));
  }
  return [`${indent}${scalar(value)}`];
}

/** Plain where YAML reads it back as the same string; quoted otherwise. */
export function scalar(value: unknown): string {
  if (typeof value !== "string") return JSON.stringify(value) ?? "null";
  const plain = /^[A-Za-z_./][\w./@-]*(:[\w./@-]+)*$/.test(value) && !/^(true|false|null|yes|no|on|off|y|n|~)$/i.test(value);
  return plain ? value : JSON.stringify(value);
}
