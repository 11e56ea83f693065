/** What the runs of models' versions measured: one metric, version by version, for a small line a model. */
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { summaries } from "@/api/metrics.ts";
import { type Model, versionRuns } from "@/api/models.ts";
import { byName } from "@/lib/byName.ts";
import { isSystem } from "@/lib/metricNames.ts";

export interface Trend {
  versions: number[];
  values: number[];
}

export interface Trends {
  /** The metrics that the newest versions' runs have, those that most have first. */
  metrics: string[];
  metric: string | undefined;
  of: ReadonlyMap<string, Trend>;
}

const MOST = 200; // models

export function useTrends(models: readonly Model[], wanted: string | undefined): Trends {
  const names = models.slice(0, MOST).map(({ name }) => name);
  const { data: made } = useQuery(versionRuns(names));
  const newest = useMemo(() => new Map((made ?? []).map(({ name, run_id }) => [name, run_id])), [made]);
  const known = useQuery(summaries([...new Set(newest.values())], null)).data;
  const metrics = useMemo(() => frequent((known ?? []).map(({ key }) => key)), [known]);
  const metric = wanted ?? metrics[0];
  const runs = [...new Set(made?.map(({ run_id }) => run_id))];
  const { data: measured } = useQuery(summaries(metric ? runs : [], metric ? [metric] : null));
  const of = useMemo(() => {
    const lasts = new Map(measured?.map(({ run_id, last }) => [run_id, last]));
    const trends = new Map<string, Trend>();
    for (const { name, version, run_id } of made ?? []) {
      const value = lasts.get(run_id);
      if (value === undefined || !Number.isFinite(value)) continue;
      const trend = trends.get(name) ?? { versions: [], values: [] };
      trend.versions.push(Number(version));
      trend.values.push(value);
      trends.set(name, trend);
    }
    return trends;
  }, [made, measured]);
  return { metrics, metric, of };
}

/** Each key once, the most frequent first; those of the system are no measure of a model. */
export function frequent(keys: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const key of keys) if (!isSystem(key)) counts.set(key, (counts.get(key) ?? 0) + 1);
  return [...counts].sort(([a, more], [b, less]) => less - more || byName(a, b)).map(([key]) => key);
}

/** From 0 to 1, the smallest to the largest. */
export function partsOf(values: readonly number[]): number[] {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return values.map((value) => (high > low ? (value - low) / (high - low) : 0.5));
}
