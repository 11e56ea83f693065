import { expect, it } from "vitest";
import { type MediaSeries, placeInSeries, shotAt, stepsOf } from "./mediaSeries.ts";

const series = (...steps: number[]): MediaSeries => ({
  key: "digits",
  kind: "image",
  shots: steps.map((step) => ({ path: `${step}.png`, step, time: step })),
});

it("a file of a series is told by its step", () => {
  expect(placeInSeries("images/val~digits+step+2+timestamp+1000+a+compressed.webp")).toEqual({
    key: "val/digits",
    step: 2,
    label: "step 2, small",
  });
  expect(placeInSeries("images/old#key%step%-3%timestamp%7%d.png")?.label).toBe("step -3");
  expect(placeInSeries("images/other.png")).toBeNull();
});

it("between steps the last picture stays", () => {
  expect([1, 2, 9, 99].map((step) => shotAt(series(2, 10), step)?.step)).toEqual([2, 2, 2, 10]);
});

it("the steps of several series are put in order, each once", () => {
  expect(stepsOf([series(10, 2), series(-1, 2)])).toEqual([-1, 2, 10]);
});
