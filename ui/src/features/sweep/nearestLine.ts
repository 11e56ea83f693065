import type { SweepAxis } from "./useSweep.ts";

/** How rows lie over the axes: from the left, and from the top for a place on an axis or for none. */
export interface Lines {
  axes: readonly Pick<SweepAxis, "axis" | "values">[];
  lefts: readonly number[];
  down: (place: number | null) => number;
}

const NEAR = 8; // pixels

/** The row whose line passes closest to a point, the one that is drawn last where several do; null where none is near. */
export function nearestLine(
  { axes, lefts, down }: Lines,
  rows: readonly number[],
  x: number,
  y: number,
): number | null {
  const at = lefts.findLastIndex((left) => left <= x);
  const [from, to] = [axes[at], axes[at + 1]];
  const [start, end] = [lefts[at], lefts[at + 1]];
  if (!from || !to || start === undefined || end === undefined) return null;
  const part = (x - start) / (end - start);
  let [best, distance] = [null as number | null, NEAR];
  for (const row of rows) {
    const [a, b] = [from, to].map(({ axis, values }) => down(axis.place(values[row] ?? null))) as [
      number,
      number,
    ];
    const away = Math.abs(a + (b - a) * part - y) / Math.hypot(1, (b - a) / (end - start));
    if (away <= distance) [best, distance] = [row, away];
  }
  return best;
}
