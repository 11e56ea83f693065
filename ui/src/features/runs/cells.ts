/** What stands in a cell, for the screen and for exports. */
import type { RunRow, Value } from "@/api/runRows.ts";
import { type AttributeKey, askedName, type Column } from "@/lib/columns.ts";
import { formatAgo, formatDuration, formatNumber, formatTime, toNumber } from "@/lib/format.ts";

export interface Cell {
  text: string;
  /** The whole value, for a tooltip and for exports. */
  full: string;
  number: number | null;
}

const NOTHING: Cell = { text: "–", full: "", number: null };
const NOT_YET: Cell = { ...NOTHING, text: "" };

export function cellOf(run: RunRow, column: Column, now: number): Cell {
  if (column.kind === "trend") return NOTHING;
  if (column.kind === "attribute") return attribute(run, column.key, now);
  const value = said(run, column);
  if (value === undefined) return NOT_YET;
  if (value === null) return NOTHING;
  return column.kind === "metric" ? figure(toNumber(value)) : plain(String(value));
}

/** What a run says in a column; null where it lacks it, undefined where that was not read yet. */
export const said = (run: RunRow, column: Column): Value | undefined => run.values[askedName(column) ?? ""];

const figure = (value: number): Cell => ({ text: formatNumber(value), full: String(value), number: value });
const plain = (text: string): Cell => (text ? { text, full: text, number: null } : NOTHING);

function attribute(run: RunRow, key: AttributeKey, now: number): Cell {
  const told = (shortened: (text: string) => string): Cell => {
    const value = said(run, { kind: "attribute", key });
    return value === undefined ? NOT_YET : plain(shortened(String(value ?? "")));
  };
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
      return told((path) => path.split("/").at(-1) ?? "");
    case "version":
      return told((commit) => commit.slice(0, 7));
    case "dataset":
      return told((names) => names.replaceAll("\n", ", "));
  }
}

/** How far a value is from the baseline's, in percent of it; null where there is no telling. */
export function changeFrom(base: number | null, value: number | null): number | null {
  if (base === null || value === null || base === 0) return null;
  const change = ((value - base) / Math.abs(base)) * 100;
  return Number.isFinite(change) ? change : null;
}

/** For each metric column the best finite value among the rows, where at least two differ. */
export function bestValues(
  rows: readonly RunRow[],
  columns: readonly Column[],
  smaller: (key: string) => boolean,
): (number | null)[] {
  return columns.map((column) => {
    if (column.kind !== "metric" || rows.length < 2) return null;
    const values = rows
      .map((run) => cellOf(run, column, 0).number)
      .filter((value): value is number => value !== null && Math.abs(value) < Number.MAX_VALUE); // which stands for infinity
    const [low, high] = [Math.min(...values), Math.max(...values)];
    if (values.length < 2 || low === high) return null;
    return smaller(column.key) ? low : high;
  });
}
