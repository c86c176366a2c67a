// The plane's own audit trail: who did or tried what. Each entry's hash covers the one before, so that a change shows.
import { useSearchParams } from "@solidjs/router";
import { createMemo, createSignal, For, Show } from "solid-js";
import { createAction } from "../../api/action";
import { all, apiHref, get, withParams } from "../../api/client";
import { createPages } from "../../api/query";
import type { TrailEntry } from "../../api/types";
import { number, StateBadge } from "../../parts/Badge";
import { DataTable, type Column } from "../../parts/DataTable";
import { Dialog } from "../../parts/Dialog";
import { FormProblem, SelectField, TextField } from "../../parts/Field";
import { Icon } from "../../parts/Icon";
import { Page } from "../../parts/Page";
import { EmptyState, ErrorState, Skeleton, StaleNotice } from "../../parts/States";
import { absolute, When } from "../../parts/When";
import { announce } from "../../shell/announce";
import "../rules/rules.css";
import "./trail.css";

interface Verified {
  entries: number;
  intact: boolean;
  brokenAt: number | null;
}

type Outcome = TrailEntry["outcome"];
const TONE: Record<Outcome, "good" | "bad" | "warn"> = { allowed: "good", denied: "bad", failed: "warn" };
const WORDS: Record<Outcome, string> = { allowed: "Allowed", denied: "Denied", failed: "Failed" };
const FILTERS = ["actor", "action", "outcome", "object"] as const;

export default function Trail() {
  const [search, setSearch] = useSearchParams<{ actor?: string; action?: string; outcome?: string; object?: string; entry?: string }>();
  const filters = createMemo(() => Object.fromEntries(FILTERS.map((name) => [name, search[name] ?? null])));
  const path = () => withParams("/trail", filters());
  const list = createPages<TrailEntry>(path, { keep: true, limit: 200 });
  const opened = () => list.rows().find((entry) => String(entry.seq) === search.entry);
  const filtering = () => FILTERS.some((name) => search[name]);

  const columns: readonly Column<TrailEntry>[] = [
    {
      id: "seq",
      title: "Entry",
      value: (entry) => entry.seq,
      cell: (entry) => <span class="mono">{entry.seq}</span>,
      width: "5rem",
      sort: false,
    },
    { id: "at", title: "When", value: (entry) => entry.at, cell: (entry) => <When at={entry.at} />, width: "8rem", priority: 2, sort: false },
    { id: "actor", title: "Who", value: (entry) => entry.actor, width: "14rem", priority: 2, sort: false },
    { id: "action", title: "Action", value: (entry) => entry.action, cell: (entry) => <code>{entry.action}</code>, sort: false },
    { id: "object", title: "Object", value: (entry) => entry.object, priority: 2, sort: false },
    {
      id: "outcome",
      title: "Outcome",
      value: (entry) => entry.outcome,
      cell: (entry) => <StateBadge tone={TONE[entry.outcome]}>{WORDS[entry.outcome]}</StateBadge>,
      width: "6.5rem",
      sort: false,
    },
    { id: "detail", title: "Detail", value: (entry) => JSON.stringify(entry.detail), cell: (entry) => <span class="faint mono">{brief(entry.detail)}</span>, priority: 4, sort: false },
    { id: "hash", title: "Hash", value: (entry) => entry.hash, cell: (entry) => <span class="faint mono">{entry.hash.slice(0, 12)}</span>, width: "8rem", priority: 4, sort: false },
  ];

  return (
    <Page
      title="Audit trail"
      lead="Every privileged and every denied action of people, tokens and agents in this plane."
      actions={
        <>
          <a class="button" href={apiHref("/trail", { ...filters(), format: "csv" })} download="audit-trail.csv" rel="external">
            <Icon name="download" />
            All as CSV
          </a>
          <Verify />
        </>
      }
    >
      <form class="filters" role="search" aria-label="Audit trail" onSubmit={(event) => event.preventDefault()}>
        <Filter label="Who" value={search.actor} set={(actor) => setSearch({ actor }, { replace: true })} placeholder="Name of a person, token or agent" />
        <Filter label="Action" value={search.action} set={(action) => setSearch({ action }, { replace: true })} placeholder="waiver.approve" />
        <Filter label="Object" value={search.object} set={(object) => setSearch({ object }, { replace: true })} placeholder="Cluster, waiver, route" />
        <SelectField
          label="Outcome"
          value={search.outcome ?? ""}
          options={[{ value: "", label: "Any outcome" }, ...(Object.keys(WORDS) as Outcome[]).map((one) => ({ value: one as string, label: WORDS[one] }))]}
          onChange={(outcome) => setSearch({ outcome: outcome || null }, { replace: true })}
        />
      </form>
      <Show
        when={list.rows().length > 0 || (!list.loading() && !list.error())}
        fallback={
          <div class="card">
            <Show when={list.error()} fallback={<Skeleton lines={10} />}>
              {(error) => <ErrorState error={error()} retry={list.refetch} />}
            </Show>
          </div>
        }
      >
        <StaleNotice error={list.error()} retry={list.refetch} />
        <div class="card">
          <DataTable
            caption="Audit trail"
            columns={columns}
            rows={list.rows()}
            rowKey={(entry) => String(entry.seq)}
            href={(entry) => withParams("/trail", { ...filters(), entry: entry.seq })}
            onNear={() => list.more()}
            everything={() => all<TrailEntry>(path())}
            empty={
              <EmptyState title={filtering() ? "No entry matches" : "Nothing has been recorded yet"} icon="trail">
                {filtering() ? "Take away a filter." : "The first sign-in makes the first entry."}
              </EmptyState>
            }
          />
        </div>
      </Show>
      <Dialog title={`Entry ${opened()?.seq ?? ""}`} open={opened() !== undefined} close={() => setSearch({ entry: null })} wide>
        <Show when={opened()}>{(entry) => <Entry entry={entry()} />}</Show>
      </Dialog>
    </Page>
  );
}

/** Typed text becomes a filter when it rests, so that not every letter is a question to the plane. */
function Filter(props: { label: string; value: string | undefined; set: (value: string | null) => void; placeholder: string }) {
  let timer: number | undefined;
  return (
    <TextField
      label={props.label}
      type="search"
      spellcheck={false}
      autocapitalize="none"
      placeholder={props.placeholder}
      value={props.value ?? ""}
      onChange={(text) => {
        window.clearTimeout(timer);
        timer = window.setTimeout(() => props.set(text.trim() || null), 250);
      }}
    />
  );
}

function Entry(props: { entry: TrailEntry }) {
  return (
    <>
      <dl class="detail-list">
        <dt>When</dt>
        <dd>{absolute(props.entry.at)}</dd>
        <dt>Who</dt>
        <dd>{props.entry.actor}</dd>
        <dt>Action</dt>
        <dd>
          <code>{props.entry.action}</code>
        </dd>
        <dt>Object</dt>
        <dd>{props.entry.object || "–"}</dd>
        <dt>Outcome</dt>
        <dd>
          <StateBadge tone={TONE[props.entry.outcome]}>{WORDS[props.entry.outcome]}</StateBadge>
        </dd>
        <dt>Hash</dt>
        <dd class="mono break">{props.entry.hash}</dd>
      </dl>
      <pre class="source" tabindex="0" role="group" aria-label="Detail">
        {JSON.stringify(props.entry.detail, null, 2)}
      </pre>
    </>
  );
}

function brief(detail: Record<string, unknown>): string {
  return Object.entries(detail)
    .map(([name, value]) => `${name}=${typeof value === "string" ? value : JSON.stringify(value)}`)
    .join(" ");
}

function Verify() {
  const [open, setOpen] = createSignal(false);
  const [result, setResult] = createSignal<Verified>();
  const verify = createAction(async () => {
    setResult(undefined);
    const found = await get<Verified>("/trail/verify");
    setResult(found);
    announce(found.intact ? "The trail is intact" : "The trail is broken");
  });
  return (
    <>
      <button
        type="button"
        class="button primary"
        onClick={() => {
          setOpen(true);
          void verify.run();
        }}
      >
        Verify
      </button>
      <Dialog title="Is the trail intact?" open={open()} close={() => setOpen(false)}>
        <Show when={verify.busy()}>
          <Skeleton lines={2} label="Reading every entry" />
        </Show>
        <FormProblem message={verify.general()} />
        <Show when={result()}>
          {(found) => (
            <Show
              when={found().intact}
              fallback={
                <EmptyState title={`Broken at entry ${found().brokenAt ?? "?"}`} icon="alert">
                  {`${number(found().entries)} entries were read. Somebody changed or removed an entry in the database itself. Compare with a backup: `}
                  <code>rampart trail verify</code> works on backups too.
                </EmptyState>
              }
            >
              <EmptyState title="Intact" icon="check">
                {`${number(found().entries)} entries were read; every hash follows from the one before.`}
              </EmptyState>
            </Show>
          )}
        </Show>
        <ul class="verify-notes small muted">
          <For
            each={[
              "Each entry's hash is SHA-256 over its content and the hash before it.",
              "A removed tail cannot be seen from the inside: keep the newest hash elsewhere, such as in a report.",
            ]}
          >
            {(note) => <li>{note}</li>}
          </For>
        </ul>
      </Dialog>
    </>
  );
}
