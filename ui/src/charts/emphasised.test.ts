import { expect, test } from "vitest";
import { emphasised } from "./emphasised.ts";

const lines = [null, ...["a", "b", "b", "c"].map((id) => ({ run: { id } }))];

test("the run under the pointer stands out with all its lines, before those that are chosen", () => {
  expect(emphasised(lines, { run: "b", chosen: new Set(["a"]) })).toEqual([2, 3]);
});

test("chosen runs stand out while the pointer is on none that is drawn", () => {
  expect(emphasised(lines, { run: null, chosen: new Set(["a", "c", "not drawn"]) })).toEqual([1, 4]);
  expect(emphasised(lines, { run: "not drawn", chosen: new Set(["c"]) })).toEqual([4]);
});

test("nothing stands out where all runs are chosen, or none", () => {
  expect(emphasised(lines, { run: null, chosen: new Set(["a", "b", "c"]) })).toEqual([]);
  expect(emphasised(lines, { run: null, chosen: new Set() })).toEqual([]);
});
