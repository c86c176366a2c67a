// Makes a token by which an agent joins, and shows once how to use it.
import { createEffect, createSignal, on, Show } from "solid-js";
import { createAction } from "../../api/action";
import { send } from "../../api/client";
import type { JoinToken } from "../../api/types";
import { CopyBox } from "../../parts/CopyBox";
import { Dialog } from "../../parts/Dialog";
import { CheckField, FormProblem, SelectField, TextField } from "../../parts/Field";
import { When } from "../../parts/When";

type Made = JoinToken & { secret: string; command: string };

const HOURS = [
  { value: "1", label: "1 hour" },
  { value: "24", label: "1 day" },
  { value: "168", label: "1 week" },
] as const;

export function Join(props: { open: boolean; close: () => void; done: () => void }) {
  const [cluster, setCluster] = createSignal("");
  const [uses, setUses] = createSignal("1");
  const [hours, setHours] = createSignal<string>("24");
  const [approval, setApproval] = createSignal(false);
  const [uid, setUid] = createSignal("");
  const [made, setMade] = createSignal<Made>();
  const make = createAction(async () => {
    const wanted = { cluster: cluster().trim() || null, uses: Number(uses()), hours: Number(hours()), needsApproval: approval(), ...(uid().trim() === "" ? {} : { uid: uid().trim() }) };
    setMade(await send<Made>("POST", "/join-tokens", wanted));
    props.done();
  });
  createEffect(
    on(
      () => props.open,
      (open) => {
        setMade(undefined);
        if (!open) return;
        setCluster("");
        setUid("");
        make.clear();
      },
    ),
  );
  return (
    <Dialog title={made() ? "Run this in the cluster" : "Join a cluster"} open={props.open} close={props.close} wide>
      <Show
        when={made()}
        fallback={
          <form
            class="form"
            onSubmit={(event) => {
              event.preventDefault();
              void make.run();
            }}
          >
            <div class="form-pair">
              <TextField label="Cluster name" optional hint="Without one, the agent brings its own name." spellcheck={false} value={cluster()} onChange={setCluster} problem={make.of("cluster")} />
              <TextField label="Uid of kube-system" optional hint="Ties the token to this very cluster." spellcheck={false} value={uid()} onChange={setUid} problem={make.of("uid")} />
              <TextField label="Uses" type="number" min={1} max={1000} required value={uses()} onChange={setUses} problem={make.of("uses")} />
              <SelectField label="Ends after" value={hours()} options={HOURS} onChange={setHours} problem={make.of("hours")} />
            </div>
            <CheckField label="Somebody approves each agent" hint="It waits in the list of agents until then." checked={approval()} onChange={setApproval} />
            <FormProblem message={make.general(["cluster", "uid", "uses", "hours"])} />
            <div class="form-end">
              <button type="button" class="button" onClick={() => props.close()}>
                Cancel
              </button>
              <button type="submit" class="button primary" disabled={make.busy()}>
                Make the token
              </button>
            </div>
          </form>
        }
      >
        {(token) => (
          <div class="once">
            <p>
              The token is shown this once; the plane keeps a hash of it. It ends <When at={token().expires} />.
            </p>
            <CopyBox label="Command" text={token().command} hint="Run it where kubectl reaches the cluster: it prints the manifest of the agent, whose account may only read, and applies it." />
            <CopyBox label="Token" text={token().secret} />
            <div class="form-end">
              <button type="button" class="button primary" onClick={() => props.close()}>
                I have it
              </button>
            </div>
          </div>
        )}
      </Show>
    </Dialog>
  );
}
