import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef } from "react";
import type { Activity, Experiment } from "@/api/experiments.ts";
import { ExperimentRow } from "./ExperimentRow.tsx";
import styles from "./ExperimentsPage.module.css";

const HEIGHT = 44;

interface ExperimentListProps {
  experiments: readonly Experiment[];
  activity: ReadonlyMap<string, Activity>;
  ticked: ReadonlySet<string>;
  toggle: (id: string) => void;
  onTag: (key: string, value: string) => void;
  readMore: () => void;
}

export function ExperimentList({ experiments, activity, readMore, ...rest }: ExperimentListProps) {
  const { ticked, toggle, onTag } = rest;
  const box = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: experiments.length,
    getScrollElement: () => box.current,
    estimateSize: () => HEIGHT,
    overscan: 8,
  });
  const items = rows.getVirtualItems();
  const end = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (end >= experiments.length - 1) readMore();
  }, [end, experiments.length, readMore]);
  return (
    <div className={styles.list} ref={box}>
      <ul style={{ position: "relative", height: rows.getTotalSize() }}>
        {items.map(({ index, start }) => {
          const experiment = experiments[index] as Experiment;
          return (
            <ExperimentRow
              key={experiment.experiment_id}
              experiment={experiment}
              activity={activity.get(experiment.experiment_id)}
              ticked={ticked.has(experiment.experiment_id)}
              toggle={toggle}
              onTag={onTag}
              top={start}
            />
          );
        })}
      </ul>
    </div>
  );
}
