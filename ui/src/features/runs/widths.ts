import { type Column, columnTitle } from "@/lib/columns.ts";

export const NAME_WIDTH = 260;

const FIXED: Record<string, number> = {
  start_time: 116,
  duration: 92,
  user_id: 110,
  status: 100,
  version: 90,
  run_id: 260,
};

/** Where each of the pinned columns stands, and where the others begin. */
export function pinnedLefts(pinned: readonly Column[]): { lefts: number[]; end: number } {
  const lefts: number[] = [];
  let end = NAME_WIDTH;
  for (const column of pinned) {
    lefts.push(end);
    end += widthOf(column);
  }
  return { lefts, end };
}

/** Room for the title, within reason; values are cut and shown whole on hover. */
export function widthOf(column: Column | undefined): number {
  if (!column) return 100;
  if (column.kind === "attribute") return FIXED[column.key] ?? 140;
  if (column.kind === "trend") return 112;
  const aggregate = column.kind === "metric" && column.aggregate !== "last" ? 34 : 0;
  return Math.max(
    column.kind === "metric" ? 92 : 100,
    Math.min(200, columnTitle(column).length * 7.2 + 44 + aggregate),
  );
}
