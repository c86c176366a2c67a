// Where the fleet stands and what to do first.
import { createQuery } from "../../api/query";
import type { Overview } from "../../api/types";
import { Page } from "../../parts/Page";
import { Loaded } from "../../parts/States";
import { ScoreRing } from "../../parts/Score";
import { CountsStrip } from "../../parts/Badge";

export default function Home() {
  const overview = createQuery<Overview>(() => "/overview", { on: ["evaluation", "finding", "waiver", "agent", "cluster"], says: "The overview was updated." });
  return (
    <Page title="Home" lead="Where the fleet stands and what to fix first.">
      <Loaded query={overview}>
        {(data) => (
          <section class="card" aria-label="Fleet">
            <div class="card-body row">
              <ScoreRing score={data().score} coverage={data().coverage} label="Fleet" size="large" />
              <CountsStrip counts={data().counts} />
            </div>
          </section>
        )}
      </Loaded>
    </Page>
  );
}
