import { type Column, columnTitle } from "@/lib/columns.ts";

const NARROW = 640; // pixels of a window; there the name leaves room for a column beside it

export const NAME_WIDTH = window.innerWidth < NARROW ? 180 : 260;

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

/** Where each of the pinned columns stands, given their widths, and where the others begin. */
export function pinnedLefts(pinned: readonly number[]): { lefts: number[]; end: number } {
  const lefts: number[] = [];
  let end = NAME_WIDTH;
  for (const width of pinned) {
    lefts.push(end);
    end += width;
  }
  return { lefts, end };
}

/** Room for the title, within reason; values are cut and shown whole on hover. */
export function widthOf(column: Column, withChange: boolean): number {
  if (column.kind === "attribute") return FIXED[column.key] ?? 140;
  if (column.kind === "trend") return 112;
  const title = columnTitle(column).length * 7.2 + 44;
  if (column.kind !== "metric") return Math.max(100, Math.min(200, title));
  const least = withChange ? 92 + CHANGE : 92;
  return Math.max(least, Math.min(200, title + (column.aggregate === "last" ? 0 : 34)));
}
