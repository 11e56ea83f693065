import { expect, it } from "vitest";
import { neighboursOf } from "./lastRuns.ts";

it("a run has neighbours in the table it was in", () => {
  expect(neighboursOf(["a", "b", "c"], "b")).toEqual(["a", "c"]);
  expect(neighboursOf(["a", "b", "c"], "a")).toEqual([undefined, "b"]);
  expect(neighboursOf(["a", "b", "c"], "c")).toEqual(["b", undefined]);
  expect(neighboursOf(["a"], "other")).toEqual([]);
});
