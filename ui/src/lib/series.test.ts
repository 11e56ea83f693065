import { describe, expect, it } from "vitest";
import { align, append, type Buckets, halve, pieces, smooth, type Value } from "./series.ts";

const bucketsOf = (values: Value[]): Buckets => ({
  count: values.length,
  exact: true,
  x: values.map((_, at) => at),
  last: values,
  min: values,
  max: values,
  mean: values,
});

const wave = Array.from({ length: 1001 }, (_, at) => Math.sin(at / 7) * (at % 97) - (at % 31));

describe("smoothing", () => {
  it("is the weighted mean of all values so far", () => {
    const weight = 0.8;
    const smoothed = smooth(wave, weight);
    for (const at of [0, 1, 10, 1000]) {
      const weights = wave.slice(0, at + 1).map((_, index) => weight ** (at - index));
      const mean = wave
        .slice(0, at + 1)
        .reduce((sum, value, index) => sum + value * (weights[index] as number), 0);
      expect(smoothed[at]).toBeCloseTo(mean / weights.reduce((a, b) => a + b), 9);
    }
  });

  it("changes nothing at weight 0, nor a constant at any", () => {
    expect(smooth(wave, 0)).toEqual(wave);
    expect(smooth([3, 3, 3], 0.99).every((value) => Math.abs((value as number) - 3) < 1e-12)).toBe(true);
  });

  it("skips what is missing", () => {
    const [first, missing, third] = smooth([1, null, 1], 0.5);
    expect([first, missing, third]).toEqual([1, null, 1]);
  });
});

describe("halving buckets", () => {
  it("keeps the extremes, the end and the order", () => {
    const halved = halve(halve(bucketsOf(wave)));
    expect(halved.x).toHaveLength(251);
    expect(Math.min(...(halved.min as number[]))).toBe(Math.min(...wave));
    expect(Math.max(...(halved.max as number[]))).toBe(Math.max(...wave));
    expect(halved.last.at(-1)).toBe(wave.at(-1));
    expect(halved.x.at(-1)).toBe(1000);
    expect(halved.exact).toBe(false);
  });

  it("bears missing values", () => {
    expect(halve(bucketsOf([null, 2, null, null])).min).toEqual([2, null]);
  });
});

describe("appending", () => {
  it("puts points that came in another order in theirs", () => {
    const longer = append(
      bucketsOf([1]),
      [
        [3, 30],
        [2, 20],
      ],
      10,
    );
    expect([longer.x, longer.last]).toEqual([
      [0, 2, 3],
      [1, 20, 30],
    ]);
  });

  it("adds what is new and drops what is known", () => {
    const longer = append(
      bucketsOf([1, 2, 3]),
      [
        [2, 99],
        [3, 4],
        [5, null],
      ],
      100,
    );
    expect(longer.x).toEqual([0, 1, 2, 3, 5]);
    expect(longer.last).toEqual([1, 2, 3, 4, null]);
    expect(longer.count).toBe(5);
  });

  it("never passes the limit", () => {
    let series = bucketsOf([]);
    for (let x = 0; x < 5000; x += 1) series = append(series, [[x, x % 13]], 480);
    expect(series.x.length).toBeLessThanOrEqual(480);
    expect(series.count).toBe(5000);
    expect(Math.max(...(series.max as number[]))).toBe(12);
  });

  it("is the same series when nothing is new", () => {
    const series = bucketsOf([1, 2]);
    expect(append(series, [[0, 5]], 10)).toBe(series);
  });
});

describe("pieces of a line", () => {
  it.each([
    ["ends where a value is no figure", [1, null, 2, 3], [[0], [2, 3]]],
    ["goes over places where only other lines have points", [1, undefined, 2], [[0, 2]]],
    ["is none where there are only NaN", [null, undefined, null], []],
  ])("%s", (_, column, expected) => expect(pieces(column)).toEqual(expected));
});

describe("aligning", () => {
  it("gives all series one axis", () => {
    const [x, columns] = align([
      { x: [0, 2], y: [1, 3] },
      { x: [1, 2], y: [5, 6] },
    ]);
    expect(x).toEqual([0, 1, 2]);
    expect(columns).toEqual([
      [1, undefined, 3],
      [undefined, 5, 6],
    ]);
  });
});
