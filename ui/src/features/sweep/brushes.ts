/** Parts of axes that somebody marked; a run is kept when it lies inside all of them. */
import type { Value } from "@/api/sweeps.ts";
import { type Axis, valueAt } from "@/lib/scales.ts";

export type Brushes = ReadonlyMap<string, [number, number]>;

/** `params.lr:0.2..0.5`, in parts of the axis from 0 to 1. */
export function parseBrushes(texts: readonly string[]): Brushes {
  return new Map(
    texts.flatMap((text): [string, [number, number]][] => {
      const cut = text.lastIndexOf(":");
      const [from, to] = text
        .slice(cut + 1)
        .split("..")
        .map(Number);
      const valid = cut > 0 && from !== undefined && to !== undefined && from < to;
      return valid ? [[text.slice(0, cut), [from, to]]] : [];
    }),
  );
}

/** The texts with another range of an axis; null takes it away. Undefined where none is left. */
export function formatBrushes(
  brushes: Brushes,
  id: string,
  range: [number, number] | null,
): string[] | undefined {
  const after = new Map(brushes);
  if (range) after.set(id, range);
  else after.delete(id);
  return after.size ? [...after].map((one) => formatBrush(...one)) : undefined;
}

export const formatBrush = (id: string, [from, to]: [number, number]): string =>
  `${id}:${Number(from.toFixed(3))}..${Number(to.toFixed(3))}`;

/** The part of an axis between two values; outside of the axis is its end. */
export function partBetween(axis: Axis, values: readonly [number, number]): [number, number] {
  const [low, high] = axis.bounds;
  const places = values.map((value) => axis.place(Math.min(high, Math.max(low, value))) ?? 0);
  return [Math.min(...places), Math.max(...places)];
}

/** The values at the ends of a part, the smaller first, as short as they tell the axis' parts apart. */
export function valuesBetween(axis: Axis, part: readonly [number, number]): [number, number] {
  const [from, to] = part.map((place) => Number(valueAt(axis, place).toPrecision(4))) as [number, number];
  return from <= to ? [from, to] : [to, from];
}

interface Placed {
  id: string;
  values: readonly Value[];
  axis: Axis;
}

/** Numbers of the rows that have a value on the last axis, and one inside each brush. */
export function kept(axes: readonly Placed[], brushes: Brushes): number[] {
  const target = axes.at(-1);
  if (!target) return [];
  const marked = axes.flatMap((one) => {
    const range = brushes.get(one.id);
    return range ? [{ one, range }] : [];
  });
  return target.values.flatMap((value, row) => {
    if (target.axis.place(value) === null) return [];
    const inside = marked.every(({ one, range }) => {
      const place = one.axis.place(one.values[row] ?? null);
      return place !== null && place >= range[0] && place <= range[1];
    });
    return inside ? [row] : [];
  });
}
