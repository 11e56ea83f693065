import { expect, it } from "vitest";
import { frequent, partsOf } from "./useTrends.ts";

it("the metric that most versions have comes first, and those of the system never", () => {
  expect(frequent(["b", "a", "b", "system/cpu", "system/cpu", "system/cpu", "c"])).toEqual(["b", "a", "c"]);
  expect(frequent([])).toEqual([]);
});

it("values are drawn between the smallest and the largest", () => {
  expect(partsOf([2, 4, 3])).toEqual([0, 1, 0.5]);
  expect(partsOf([7, 7])).toEqual([0.5, 0.5]);
});
