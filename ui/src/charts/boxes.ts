/** Figures of box plots: quartiles by linear interpolation, whiskers to the last value within 1.5 of the box (Tukey 1977). */

import { byName } from "@/lib/byName.ts";
import { isFigure } from "@/lib/format.ts";

export interface Box {
  name: string;
  n: number;
  low: number;
  q1: number;
  median: number;
  q3: number;
  high: number;
  outliers: number[];
}

export function boxOf(name: string, values: readonly number[]): Box | null {
  const sorted = values.filter(isFigure).sort((a, b) => a - b);
  const [first, last] = [sorted[0], sorted.at(-1)];
  if (first === undefined || last === undefined) return null;
  const [q1, median, q3] = [0.25, 0.5, 0.75].map((part) => quantile(sorted, part)) as [
    number,
    number,
    number,
  ];
  const reach = 1.5 * (q3 - q1);
  const inside = sorted.filter((value) => value >= q1 - reach && value <= q3 + reach);
  return {
    name,
    n: sorted.length,
    low: inside[0] ?? first,
    q1,
    median,
    q3,
    high: inside.at(-1) ?? last,
    outliers: sorted.filter((value) => value < q1 - reach || value > q3 + reach),
  };
}

function quantile(sorted: readonly number[], part: number): number {
  const at = (sorted.length - 1) * part;
  const [low, high] = [sorted[Math.floor(at)] as number, sorted[Math.ceil(at)] as number];
  return low + (high - low) * (at % 1);
}

/** A box a value of `by`, in the order of their names; the most frequent ones where there are too many. */
export function boxesOf(
  by: readonly (string | number | null)[],
  values: readonly (string | number | null)[],
  most: number,
): { boxes: Box[]; left: number } {
  const members = new Map<string, number[]>();
  by.forEach((name, row) => {
    const value = values[row];
    if (name === null || typeof value !== "number") return;
    const own = members.get(String(name));
    if (own) own.push(value);
    else members.set(String(name), [value]);
  });
  const ranked = [...members].sort(([, a], [, b]) => b.length - a.length);
  const kept = ranked.slice(0, most).sort(([a], [b]) => byName(a, b));
  return {
    boxes: kept.flatMap(([name, numbers]) => boxOf(name, numbers) ?? []),
    left: ranked.length - kept.length,
  };
}
