/** What stands in a cell, for the screen and for exports. */
import type { Summary } from "@/api/metrics.ts";
import type { Run } from "@/api/runs.ts";
import type { AttributeKey, Column } from "@/lib/columns.ts";
import { formatAgo, formatDuration, formatNumber, formatTime, toNumber } from "@/lib/format.ts";

export interface Cell {
  text: string;
  /** The whole value, for a tooltip and for exports. */
  full: string;
  number: number | null;
}

export type Summaries = ReadonlyMap<string, Summary>;

export const summaryKey = (runId: string, key: string): string => `${runId} ${key}`;

const NOTHING: Cell = { text: "–", full: "", number: null };

export function cellOf(run: Run, column: Column, summaries: Summaries, now: number): Cell {
  if (column.kind === "metric") {
    if (column.aggregate === "last") {
      const metric = own(run.metrics, column.key);
      return metric ? figure(toNumber(metric.value)) : NOTHING;
    }
    const value = summaries.get(summaryKey(run.id, column.key))?.[column.aggregate];
    return value === undefined || value === null ? NOTHING : figure(toNumber(value));
  }
  if (column.kind === "trend") return NOTHING;
  if (column.kind === "attribute") return attribute(run, column.key, now);
  const value = own(column.kind === "param" ? run.params : run.tags, column.key);
  return value === undefined ? NOTHING : plain(value);
}

/** Keys are anybody's: one may be called `constructor`. */
const own = <T>(pairs: Record<string, T>, key: string): T | undefined =>
  Object.hasOwn(pairs, key) ? pairs[key] : undefined;

const figure = (value: number): Cell => ({ text: formatNumber(value), full: String(value), number: value });
const plain = (text: string): Cell => (text ? { text, full: text, number: null } : NOTHING);

function attribute(run: Run, key: AttributeKey, now: number): Cell {
  switch (key) {
    case "start_time":
      return run.start
        ? { text: formatAgo(run.start, now), full: formatTime(run.start), number: run.start }
        : NOTHING;
    case "duration": {
      const length = run.start && (run.end ?? (run.status === "RUNNING" ? now : 0)) - run.start;
      return length && length > 0
        ? { text: formatDuration(length), full: `${length / 1000} s`, number: length }
        : NOTHING;
    }
    case "experiment_id":
      return plain(run.experimentId);
    case "models":
      return NOTHING; // told by links
    case "user_id":
      return plain(run.user);
    case "status":
      return plain(run.status);
    case "run_id":
      return plain(run.id);
    case "source":
      return plain(run.tags["mlflow.source.name"]?.split("/").at(-1) ?? "");
    case "version":
      return plain(run.tags["mlflow.source.git.commit"]?.slice(0, 7) ?? "");
    case "dataset":
      return plain(run.datasets.map(({ dataset }) => dataset.name).join(", "));
  }
}

/** How far a value is from the baseline's, in percent of it; null where there is no telling. */
export function changeFrom(base: number | null, value: number | null): number | null {
  if (base === null || value === null || base === 0) return null;
  const change = ((value - base) / Math.abs(base)) * 100;
  return Number.isFinite(change) ? change : null;
}

/** For each metric column the best value among the rows, where at least two differ. */
export function bestValues(
  rows: readonly Run[],
  columns: readonly Column[],
  summaries: Summaries,
  smaller: (key: string) => boolean,
): (number | null)[] {
  return columns.map((column) => {
    if (column.kind !== "metric" || rows.length < 2) return null;
    const values = rows
      .map((run) => cellOf(run, column, summaries, 0).number)
      .filter((value) => value !== null && Number.isFinite(value));
    const [low, high] = [Math.min(...(values as number[])), Math.max(...(values as number[]))];
    if (values.length < 2 || low === high) return null;
    return smaller(column.key) ? low : high;
  });
}
