import { expect, it } from "vitest";
import { placeAfter } from "./keyCursor.ts";

it.each([
  ["ArrowRight", null, 0],
  ["ArrowLeft", null, 4],
  ["ArrowRight", 4, 4],
  ["ArrowLeft", 3, 2],
  ["PageDown", 0, 4],
  ["Home", 3, 0],
  ["End", 0, 4],
  ["x", 2, null],
])("%s from %s leads to %s", (key, at, expected) => {
  expect(placeAfter(key, at, 5)).toBe(expected);
});

it("an empty chart leads nowhere", () => {
  expect(placeAfter("Home", null, 0)).toBeNull();
});
