/** Panels of other kinds than a metric over steps: boxes, and differences from the baseline. */
import { useQuery } from "@tanstack/react-query";
import { matrixOf } from "@/api/sweeps.ts";
import { BoxPlot } from "@/charts/BoxPlot.tsx";
import { boxesOf } from "@/charts/boxes.ts";
import { svgOfBoxes } from "@/charts/boxShapes.ts";
import type { inkNow } from "@/charts/savePanel.ts";
import type { ShownRun } from "@/charts/types.ts";
import { columnName } from "@/lib/columns.ts";
import { plural } from "@/lib/format.ts";
import { AddedFrame } from "./AddedFrame.tsx";
import styles from "./AddedPanels.module.css";
import { type Added, parseAdded } from "./addedPanels.ts";
import { Differences } from "./Differences.tsx";
import type { RunsView } from "./useRunsView.ts";

const MOST_BOXES = 24;

export function AddedPanels({ view, runs }: { view: RunsView; runs: ShownRun[] }) {
  const texts = view.search.w ?? [];
  const remove = (text: string) => {
    const left = texts.filter((one) => one !== text);
    view.change({ w: left.length ? left : undefined });
  };
  if (!texts.length) return null;
  return (
    <div className={styles.panels}>
      {texts.map((text) => {
        const added = parseAdded(text);
        return (
          added &&
          (added.kind === "box" ? (
            <Boxes key={text} {...{ view, ...added }} title={titleOf(added)} onRemove={() => remove(text)} />
          ) : (
            <Differences
              key={text}
              {...{ view, runs, ...added }}
              title={titleOf(added)}
              onRemove={() => remove(text)}
            />
          ))
        );
      })}
    </div>
  );
}

const titleOf = (added: Added): string =>
  added.kind === "box"
    ? `${columnName(added.metric)} by ${columnName(added.by)}`
    : `${columnName(added.metric)}, from the baseline`;

interface BoxesProps {
  view: RunsView;
  metric: string;
  by: string;
  title: string;
  onRemove: () => void;
}

function Boxes({ view, metric, by, title, onRemove }: BoxesProps) {
  const { data: matrix, error } = useQuery(matrixOf(view.flat, [by, metric]));
  const { boxes, left } = boxesOf(matrix?.values[0] ?? [], matrix?.values[1] ?? [], MOST_BOXES);
  const saved = {
    svg: (ink: ReturnType<typeof inkNow>) => svgOfBoxes(title, boxes, ink.accent, ink),
    rows: [
      [columnName(by), "runs", "low", "q1", "median", "q3", "high"],
      ...boxes.map(({ name, n, low, q1, median, q3, high }) => [name, n, low, q1, median, q3, high]),
    ],
  };
  return (
    <AddedFrame title={title} onRemove={onRemove} saved={boxes.length ? saved : undefined}>
      {error ? (
        <p role="alert">{error.message}</p>
      ) : !matrix ? (
        <div className={styles.wait} />
      ) : boxes.length ? (
        <BoxPlot label={`${title}, ${boxes.length} boxes`} boxes={boxes} />
      ) : (
        <p className={styles.note}>No run has both.</p>
      )}
      {left > 0 && <p className={styles.note}>{plural(left, "value")} with fewer runs are left out.</p>}
    </AddedFrame>
  );
}
