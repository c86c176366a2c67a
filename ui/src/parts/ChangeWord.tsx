// What became of a finding, as a mark and a word.
import type { Change } from "../api/types";
import { Icon, type IconName } from "./Icon";
import "./changeword.css";

export const CHANGE_WORDS: Record<Change["change"], { words: string; icon: IconName }> = {
  opened: { words: "Opened", icon: "plus" },
  closed: { words: "Closed", icon: "check" },
  reopened: { words: "Reopened", icon: "refresh" },
  waived: { words: "Waived", icon: "waivers" },
  unwaived: { words: "Unwaived", icon: "alert" },
};

export function ChangeWord(props: { change: Change["change"] }) {
  return (
    <span class="change-word" data-change={props.change}>
      <Icon name={CHANGE_WORDS[props.change].icon} />
      {CHANGE_WORDS[props.change].words}
    </span>
  );
}
