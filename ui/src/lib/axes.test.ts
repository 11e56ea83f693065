import { expect, it } from "vitest";
import { axisOf, isAxis, metricOf } from "./axes.ts";

it("an axis is steps, a time, or a metric of any name", () => {
  expect(["step", "wall", "relative", axisOf("step"), axisOf("a: b")].every(isAxis)).toBe(true);
  expect(["", "epoch", "metric:", undefined].some(isAxis)).toBe(false);
  expect([metricOf(axisOf("a: b")), metricOf("step")]).toEqual(["a: b", null]);
});
