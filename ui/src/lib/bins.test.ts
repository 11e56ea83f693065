import { expect, test } from "vitest";
import { binsOf } from "./bins.ts";

test("each number is in one bin", () => {
  expect(binsOf([0, 1, 2, 3, 4, null, "word"], 2)).toEqual([
    { from: 0, to: 2, count: 2 },
    { from: 2, to: 4, count: 3 },
  ]);
});

test("equal numbers are in one bin, and nothing is in none", () => {
  expect(binsOf([3, 3], 10)).toEqual([{ from: 3, to: 3, count: 2 }]);
  expect(binsOf(["x", null], 10)).toEqual([]);
});
