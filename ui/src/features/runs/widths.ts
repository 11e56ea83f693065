import { type Column, columnTitle } from "@/lib/columns.ts";

const CHANGE = 48; // pixels of `+126 %` before a figure

const FIXED: Record<string, number> = {
  experiment_id: 150,
  start_time: 116,
  duration: 92,
  user_id: 110,
  status: 100,
  version: 90,
  models: 180,
  run_id: 260,
};

/** Room for the title, within reason; values are cut and shown whole on hover. */
export function widthOf(column: Column, withChange: boolean): number {
  if (column.kind === "attribute") return FIXED[column.key] ?? 140;
  if (column.kind === "trend") return 112;
  const title = columnTitle(column).length * 7.2 + 44;
  if (column.kind !== "metric") return Math.max(100, Math.min(200, title));
  const least = withChange ? 92 + CHANGE : 92;
  return Math.max(least, Math.min(200, title + (column.aggregate === "last" ? 0 : 34)));
}
