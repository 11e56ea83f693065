import { expect, it } from "vitest";
import { axisOf } from "@/lib/scales.ts";
import { nearestLine } from "./nearestLine.ts";

const axis = (values: (number | null)[]) => ({ values, axis: axisOf(values, String) });
const lines = {
  axes: [axis([0, 1, null]), axis([1, 0, 1]), axis([0, 0, 1])],
  lefts: [100, 200, 300],
  down: (place: number | null) => (place === null ? 114 : 100 - place * 100),
};

it("the line under the cursor is found between any two axes", () => {
  expect(nearestLine(lines, [0, 1, 2], 110, 90)).toBe(0);
  expect(nearestLine(lines, [0, 1, 2], 110, 10)).toBe(1);
  expect(nearestLine(lines, [0, 1, 2], 290, 1)).toBe(2);
  expect(nearestLine(lines, [0, 1, 2], 110, 50)).toBeNull();
});

it("a run without a value is found below the axis, and nothing beside the axes", () => {
  expect(nearestLine(lines, [2], 101, 112)).toBe(2);
  expect(nearestLine(lines, [0, 1, 2], 50, 0)).toBeNull();
  expect(nearestLine(lines, [0, 1, 2], 300, 0)).toBeNull();
});
