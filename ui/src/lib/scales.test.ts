import { describe, expect, it } from "vitest";
import { axisOf, bestSoFar, sequential } from "./scales.ts";

describe("an axis", () => {
  it("places numbers by size", () => {
    const axis = axisOf([0, 5, 10, null], String);
    expect([axis.place(0), axis.place(5), axis.place(10), axis.place(null)]).toEqual([0, 0.5, 1, null]);
  });
  it("is logarithmic where values span a hundredfold", () => {
    const axis = axisOf([0.001, 0.1], String);
    expect(axis.place(0.01)).toBeCloseTo(0.5);
  });
  it("places words by name, and one of them in the middle", () => {
    expect(axisOf(["b", "a", "c"], String).place("b")).toBe(0.5);
    expect(axisOf(["only"], String).place("only")).toBe(0.5);
  });
  it("of nothing has no places", () => {
    expect(axisOf([null], String).place(1)).toBeNull();
  });
});

it("colours stay inside the scale", () => {
  expect(sequential(-1, "light")).toBe("rgb(68 1 84)");
  expect(sequential(2, "dark")).toBe("rgb(253 231 37)");
});

it("the best so far only gets better", () => {
  const points = [
    { time: 3, value: 2 },
    { time: 1, value: 5 },
    { time: 2, value: 7 },
  ];
  expect(bestSoFar(points, true).map(({ value }) => value)).toEqual([5, 2]);
  expect(bestSoFar(points, false).map(({ value }) => value)).toEqual([5, 7]);
});
