import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useEvents } from "@/api/events.ts";
import { type Experiment, experimentKeys } from "@/api/experiments.ts";

const MOST = 100; // topics of one stream
const SETTLE = 1000; // milliseconds; a sweep that starts makes many events

/** Keeps the list and its counts fresh while runs of the first experiments start and end. */
export function useExperimentEvents(experiments: readonly Experiment[]): void {
  const queries = useQueryClient();
  const timer = useRef(0);
  const topics = experiments.slice(0, MOST).map((experiment) => `exp:${experiment.experiment_id}`);
  useEvents(topics, ({ kind, data }) => {
    if (kind === "metrics" || (kind === "run" && !("status" in data))) return;
    if (timer.current) return; // it is read soon, however much more happens until then
    timer.current = window.setTimeout(() => {
      timer.current = 0;
      void queries.invalidateQueries({ queryKey: experimentKeys.all });
      void queries.invalidateQueries({ queryKey: ["runs", "count"] });
    }, SETTLE);
  });
  useEffect(
    () => () => {
      clearTimeout(timer.current);
      timer.current = 0;
    },
    [],
  );
}
