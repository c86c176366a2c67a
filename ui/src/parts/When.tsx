// An instant or a day, said relative to now; the exact one is in the title.
import { createSignal } from "solid-js";
import { absolute, relative } from "./time";

const [now, setNow] = createSignal(Date.now());
// One clock for every time on the page.
setInterval(() => setNow(Date.now()), 20_000);
export { now };
export { absolute, isDay, relative } from "./time";

export function When(props: { at: string | null | undefined; none?: string }) {
  return (
    <>
      {props.at ? (
        <time dateTime={props.at} title={absolute(props.at)}>
          {relative(props.at, now())}
        </time>
      ) : (
        <span class="faint">{props.none ?? "never"}</span>
      )}
    </>
  );
}
