import { EmptyState } from "../parts/States";
import { Page } from "../parts/Page";

export default function NotFound() {
  return (
    <Page title="No such page">
      <EmptyState title="There is nothing at this address" action={<a class="button" href="/">Go to Home</a>}>
        The link may be old, or what it pointed at was removed.
      </EmptyState>
    </Page>
  );
}
