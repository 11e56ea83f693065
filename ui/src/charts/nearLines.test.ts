import { expect, test } from "vitest";
import { distanceTo, pointNear } from "./Tooltip.tsx";

test("the nearest point of a line is found, the earlier of two", () => {
  expect(pointNear([1, null, null, null, 2], 1)).toEqual({ nearest: 0, before: 0, after: 4 });
  expect(pointNear([1, null, 2], 1)).toEqual({ nearest: 0, before: 0, after: 2 });
  expect(pointNear([1, undefined, null], 2)).toEqual({ nearest: 0, before: 0, after: null });
  expect(pointNear([null, 5], 0)).toEqual({ nearest: 1, before: null, after: 1 });
  expect(pointNear([1, 2, 3], 1)).toEqual({ nearest: 1, before: 1, after: 1 });
  expect(pointNear([null, null], 1)).toBe(null);
});

test("a line that passes is as far as it is above or below, one that has ended as far as its end", () => {
  const at = (index: number) => [index * 10, index * 10] as const;
  expect(distanceTo({ nearest: 0, before: 0, after: 4 }, at, 20, 25)).toBe(5);
  expect(distanceTo({ nearest: 2, before: 2, after: 2 }, at, 20, 25)).toBe(5);
  expect(distanceTo({ nearest: 0, before: 0, after: null }, at, 30, 40)).toBe(50);
});
