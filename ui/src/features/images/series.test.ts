import { expect, it } from "vitest";
import { imageSeries, shotAt, stepsOf } from "./series.ts";

const PATHS = [
  "images/val~digits+step+10+timestamp+2000+b.png",
  "images/val~digits+step+2+timestamp+1000+a.png",
  "images/val~digits+step+2+timestamp+1000+a+compressed.webp",
  "images/val~digits+step+2+timestamp+1500+c.png",
  "images/<img src=x>+step+0+timestamp+1+d.png",
  "images/other.png",
];

it("pictures are put in order by key and step", () => {
  const series = imageSeries(PATHS);
  expect(series.map(({ key, shots }) => [key, shots.map(({ step }) => step)])).toEqual([
    ["<img src=x>", [0]],
    ["val/digits", [2, 10]],
  ]);
  expect(series[1]?.shots[0]?.path).toContain("+1500+");
  expect(stepsOf(series)).toEqual([0, 2, 10]);
});

it("between steps the last picture stays", () => {
  const [, digits] = imageSeries(PATHS);
  expect([1, 2, 9, 99].map((step) => digits && shotAt(digits, step)?.step)).toEqual([2, 2, 2, 10]);
});
