import { expect, it } from "vitest";
import { placed } from "./filters.ts";

it("a fault is where the server found it, whatever stands before", () => {
  const fault = { message: "Found '>'.", start: 4, end: 5 };
  expect(placed("a = > 1", fault)).toEqual(fault);
  expect(placed("\u{1f9ea}\u{1f9ea} = > 1", { ...fault, start: 5, end: 6 })).toEqual({
    ...fault,
    start: 7,
    end: 8,
  });
});

it("what is missing at the end is underlined there", () => {
  expect(placed("a =", { message: "", start: 3, end: 3 })).toEqual({ message: "", start: 3, end: 4 });
});
