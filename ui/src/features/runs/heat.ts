/** Tints of cells: the better a value is among its column's, the stronger. */
import type { RunRow } from "@/api/runRows.ts";
import { type Column, columnId } from "@/lib/columns.ts";
import { cellOf } from "./cells.ts";

/** The worst and the best value of a column's rows. */
export type Heat = readonly [worst: number, best: number];

export function heatOf(
  rows: readonly RunRow[],
  columns: readonly Column[],
  tinted: readonly string[],
  smaller: (key: string) => boolean,
): (Heat | null)[] {
  return columns.map((column) => {
    if (column.kind !== "metric" || !tinted.includes(columnId(column))) return null;
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (const run of rows) {
      const { number } = cellOf(run, column, 0);
      if (number === null || !Number.isFinite(number)) continue;
      [low, high] = [Math.min(low, number), Math.max(high, number)];
    }
    if (low >= high) return null;
    return smaller(column.key) ? [high, low] : [low, high];
  });
}

const STRONGEST = 32; // per cent of the accent; text keeps a contrast of 7 to 1 over it

/** The tint as an image, so that the row's own ground stays below it; undefined for what is not tinted. */
export function tintOf(heat: Heat | null, value: number | null): string | undefined {
  if (!heat || value === null || Number.isNaN(value)) return undefined;
  const part = Math.min(1, Math.max(0, (value - heat[0]) / (heat[1] - heat[0])));
  const color = `color-mix(in srgb, var(--accent) ${Math.round(part * STRONGEST)}%, transparent)`;
  return `linear-gradient(${color}, ${color})`;
}
