import { expect, test } from "vitest";
import { newestOf } from "./newestPoint.ts";

test("the newest point is that of the greatest step, not the one that came last", () => {
  const points = [
    [1, 10, 1],
    [3, 5, 3],
    [2, 99, 2],
  ] as const;
  expect(newestOf(points)).toEqual([3, 5, 3]);
  expect(newestOf(points, [3, 6, 0])).toBe(undefined);
  expect(newestOf(points, [2, 100, 0])).toEqual([3, 5, 3]);
});

test("points of one step are told by their times, then by their values; what is no number is below all", () => {
  expect(
    newestOf([
      [1, 10, 5],
      [1, 20, 1],
    ]),
  ).toEqual([1, 20, 1]);
  expect(
    newestOf([
      [1, 10, 5],
      [1, 10, 7],
      [1, 10, 6],
      [1, 10, null],
    ]),
  ).toEqual([1, 10, 7]);
  expect(newestOf([[1, 10, -1]], [1, 10, null])).toEqual([1, 10, -1]);
  expect(newestOf([])).toBe(undefined);
});
