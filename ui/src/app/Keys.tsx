import { Dialog } from "@/components/Dialog.tsx";
import styles from "./Keys.module.css";

const KEYS: readonly [string, string][] = [
  ["Ctrl K", "Search everything"],
  ["/", "Filter or search this page"],
  ["g e", "Go to the experiments"],
  ["g r", "Go to the runs of all experiments"],
  ["g m", "Go to the models"],
  ["g s", "Go to the settings"],
  ["s", "Copy a link to what is on screen"],
  ["j k", "Next and previous run"],
  ["x", "Select the run"],
  ["Shift x", "Select up to the run"],
  ["c", "Compare the selected runs"],
  ["b", "Tell the other runs from this one"],
  ["v", "Show the run in charts"],
  ["p", "Pin the run above the others"],
  ["Enter", "Open the run"],
  ["Alt Shift ← →", "Move a run that is compared"],
  ["F2", "Rename what the page is of"],
  ["[ ]", "Previous and next run, or file"],
  ["1 2 3", "Table, split view, charts"],
  ["t", "The chart as a table"],
  ["← →", "Along the steps of a chart"],
  ["d", "Light or dark"],
  ["Esc", "Close"],
];

export function Keys({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title="Keyboard shortcuts" onClose={onClose}>
      <dl className={styles.keys}>
        {KEYS.map(([keys, meaning]) => (
          <div key={keys} style={{ display: "contents" }}>
            <dt>
              {keys.split(" ").map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
