/** Numbers counted in equal intervals. */
import { isFigure } from "./format.ts";

interface Bin {
  from: number;
  to: number;
  count: number;
}

/** `most` bins from the least to the greatest number; one where all are equal, none without numbers. */
export function binsOf(values: readonly unknown[], most: number): Bin[] {
  const numbers = values.filter((value): value is number => typeof value === "number" && isFigure(value));
  if (!numbers.length) return [];
  const low = numbers.reduce((least, value) => Math.min(least, value), Infinity);
  const high = numbers.reduce((greatest, value) => Math.max(greatest, value), -Infinity);
  if (low === high) return [{ from: low, to: high, count: numbers.length }];
  const width = (high - low) / most;
  const bins = Array.from({ length: most }, (_, at) => ({
    from: low + at * width,
    to: at === most - 1 ? high : low + (at + 1) * width,
    count: 0,
  }));
  for (const value of numbers) {
    const bin = bins[Math.min(most - 1, Math.floor((value - low) / width))];
    if (bin) bin.count += 1;
  }
  return bins;
}
