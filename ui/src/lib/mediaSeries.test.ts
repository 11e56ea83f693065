import { expect, it } from "vitest";
import { mediaSeries, placeInSeries, shotAt, stepsOf } from "./mediaSeries.ts";

const PATHS = [
  "images/val~digits+step+10+timestamp+2000+b.png",
  "images/val~digits+step+2+timestamp+1000+a.png",
  "images/val~digits+step+2+timestamp+1000+a+compressed.webp",
  "images/val~digits+step+2+timestamp+1500+c.png",
  "images/val~digits+step+2+timestamp+1500+c+compressed.webp",
  "images/<img src=x>+step+0+timestamp+1+d.png",
  "images/other.png",
  "media/audio/voice~low/step-4+1000+0123abcd.wav",
  "media/video/ride/step--1+1000+0123abcd.mp4",
  "media/video/ride/step-x+1000+0123abcd.mp4",
];

it("pictures are put in order by key and step", () => {
  const series = mediaSeries(PATHS);
  expect(series.map(({ key, kind, shots }) => [kind, key, shots.map(({ step }) => step)])).toEqual([
    ["image", "<img src=x>", [0]],
    ["video", "ride", [-1]],
    ["image", "val/digits", [2, 10]],
    ["audio", "voice/low", [4]],
  ]);
  expect(series[2]?.shots[0]?.path).toContain("+1500+");
  expect(series[2]?.shots[0]?.small).toBe("images/val~digits+step+2+timestamp+1500+c+compressed.webp");
  expect(series[2]?.shots[1]?.small).toBeUndefined();
  expect(stepsOf(series)).toEqual([-1, 0, 2, 4, 10]);
});

it("a file of a series is told by its step", () => {
  expect(placeInSeries(PATHS[2] as string)).toEqual({ key: "val/digits", step: 2, label: "step 2, small" });
  expect(placeInSeries("images/other.png")).toBeNull();
});

it("between steps the last picture stays", () => {
  const [, , digits] = mediaSeries(PATHS);
  expect([1, 2, 9, 99].map((step) => digits && shotAt(digits, step)?.step)).toEqual([2, 2, 2, 10]);
});
