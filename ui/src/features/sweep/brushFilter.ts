/** Ranges of axes as conditions of the filter language. */
import type { Value } from "@/api/sweeps.ts";
import { filterPath, parseColumn } from "@/lib/columns.ts";
import { quoteText } from "@/lib/filter.ts";
import type { Axis } from "@/lib/scales.ts";
import type { Brushes } from "./brushes.ts";

interface Placed {
  id: string;
  values: readonly Value[];
  axis: Axis;
}

/** The filter joined with what the ranges keep; undefined where that is all runs. */
export function brushedFilter(filter: string, axes: readonly Placed[], brushes: Brushes): string | undefined {
  const conditions = axes.flatMap((axis) => {
    const range = brushes.get(axis.id);
    return range ? conditionsOf(axis, range) : [];
  });
  const before = filter && conditions.length ? `(${filter})` : filter;
  return [before, ...conditions].filter(Boolean).join(" AND ") || undefined;
}

/** Bounds are values that runs have, so that the same runs are kept. */
function conditionsOf({ id, values, axis }: Placed, [from, to]: [number, number]): string[] {
  const column = parseColumn(id);
  const path = column ? filterPath(column, axis.kind === "number") : id;
  const inside = values.filter((value) => {
    const place = axis.place(value);
    return place !== null && place >= from && place <= to;
  });
  if (axis.kind === "word") {
    const words = [...new Set(inside.map(String))].sort();
    if (words.length === 0) return [];
    if (words.length === 1) return [`${path} = ${quoteText(words[0] as string)}`];
    return [`${path} IN (${words.map(quoteText).join(", ")})`];
  }
  const numbers = inside.map(Number);
  const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
  return numbers.length ? [`${path} >= ${low}`, `${path} <= ${high}`] : [];
}
