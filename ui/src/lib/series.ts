/** Arithmetic on series: smoothing as TensorBoard does it, appending live points, halving buckets. */

import { isFigure } from "./format.ts";

export type Value = number | null;

/**
 * Exponential moving average, corrected for its start as in Adam (Kingma and Ba 2015, section 3).
 *
 * A missing value stays missing and does not count. A weight of 0 changes nothing.
 */
export function smooth(values: readonly Value[], weight: number): Value[] {
  if (weight <= 0) return [...values];
  let mean = 0;
  let correction = 1;
  return values.map((value) => {
    if (value === null || !isFigure(value)) return null;
    mean = mean * weight + value * (1 - weight);
    correction *= weight;
    return mean / (1 - correction);
  });
}

/** The columns of one series in buckets; `exact` says that each bucket is one point. */
export interface Buckets {
  count: number;
  exact: boolean;
  x: number[];
  last: Value[];
  min: Value[];
  max: Value[];
  mean: Value[];
}

/** The series with live points at its right end; points at or before its last x are dropped, as they are known. */
export function append<B extends Buckets>(
  series: B,
  points: readonly (readonly [number, Value])[],
  limit: number,
): B {
  const end = series.x.at(-1) ?? -Infinity;
  const fresh = points.filter(([x]) => x > end).sort(([a], [b]) => a - b);
  if (!fresh.length) return series;
  const values = fresh.map(([, value]) => value);
  const longer: B = {
    ...series,
    count: series.count + fresh.length,
    x: [...series.x, ...fresh.map(([x]) => x)],
    last: [...series.last, ...values],
    min: [...series.min, ...values],
    max: [...series.max, ...values],
    mean: [...series.mean, ...values],
  };
  return longer.x.length > limit ? halve(longer) : longer;
}

/** Joins buckets in pairs; minima and maxima survive. */
export function halve<B extends Buckets>(series: B): B {
  const starts = series.x.map((_, index) => index).filter((index) => index % 2 === 0);
  const pick = (column: Value[], join: (a: Value, b: Value) => Value): Value[] =>
    starts.map((at) =>
      at + 1 < column.length ? join(column[at] ?? null, column[at + 1] ?? null) : (column[at] ?? null),
    );
  return {
    ...series,
    exact: false,
    x: starts.map((at) => series.x[at + 1] ?? (series.x[at] as number)),
    last: pick(series.last, (a, b) => b ?? a),
    min: pick(series.min, extreme(Math.min)),
    max: pick(series.max, extreme(Math.max)),
    mean: pick(series.mean, (a, b) => (a === null ? b : b === null ? a : (a + b) / 2)),
  };
}

const extreme =
  (choose: (a: number, b: number) => number) =>
  (a: Value, b: Value): Value =>
    a === null ? b : b === null ? a : choose(a, b);

/** One x axis for several series, each column padded with undefined where it has no point. */
export function align(
  columns: readonly { x: readonly number[]; y: readonly Value[] }[],
): [number[], (Value | undefined)[][]] {
  const x = [...new Set(columns.flatMap((column) => column.x))].sort((a, b) => a - b);
  const places = new Map(x.map((value, index) => [value, index]));
  const aligned = columns.map((column) => {
    const y = new Array<Value | undefined>(x.length);
    column.x.forEach((value, index) => {
      y[places.get(value) as number] = column.y[index];
    });
    return y;
  });
  return [x, aligned];
}

/** A line's unbroken pieces, as places in its column: what is no figure breaks it, another line's point does not. */
export function pieces(column: ArrayLike<Value | undefined>): number[][] {
  const found: number[][] = [];
  let open = false;
  for (let at = 0; at < column.length; at++) {
    const value = column[at];
    if (value === undefined) continue;
    if (value === null) open = false;
    else if (open) found.at(-1)?.push(at);
    else {
      found.push([at]);
      open = true;
    }
  }
  return found;
}
