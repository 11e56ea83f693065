import { expect, it } from "vitest";
import { boxesOf, boxOf } from "./boxes.ts";

it("a box has quartiles, whiskers within one and a half of it, and outliers", () => {
  expect(boxOf("a", [1, 2, 3, 4, 100])).toEqual({
    name: "a",
    n: 5,
    low: 1,
    q1: 2,
    median: 3,
    q3: 4,
    high: 4,
    outliers: [100],
  });
  expect(boxOf("one", [7])).toMatchObject({ low: 7, median: 7, high: 7, outliers: [] });
  expect(boxOf("none", [Number.NaN])).toBeNull();
});

it("values are boxed by what they go with; what lacks one is left out", () => {
  const { boxes, left } = boxesOf(["b", "a", null, "b", "c"], [1, 2, 3, null, "x"], 10);
  expect(boxes.map(({ name, n }) => [name, n])).toEqual([
    ["a", 1],
    ["b", 1],
  ]);
  expect(left).toBe(0);
  expect(boxesOf(["a", "b", "b"], [1, 2, 3], 1)).toMatchObject({ boxes: [{ name: "b" }], left: 1 });
});
