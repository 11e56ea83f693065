import { expect, test } from "vitest";
import { addressOf, placeOf, stateOf } from "./viewState.ts";

test("the same state is the same text, whatever the order and the view it came from", () => {
  const state = stateOf({ s: "-metrics.loss", c: ["params.lr"], v: "abc", o: ["run"], q: undefined });
  expect(state).toBe("c=~params.lr&s=-metrics.loss");
  expect(stateOf({ c: ["params.lr"], s: "-metrics.loss" })).toBe(state);
  expect(stateOf({})).toBe("");
});

test("a screen has an address with and without a state", () => {
  expect(addressOf(placeOf("7", "runs"), "")).toBe("#/experiments/7");
  expect(addressOf(placeOf("7", "sweep"), "v=abc")).toBe("#/experiments/7/sweep?v=abc");
});
