import { expect, it } from "vitest";
import type { RunGroup } from "@/api/sweeps.ts";
import { ordered } from "./groupOrder.ts";

const groups = [0.5, null, 0.1].map(
  (mean, at): RunGroup => ({
    values: [String(at)],
    runs: 1,
    figures: [{ n: 1, mean, std: null, min: null, max: null }],
  }),
);
const order = (id: string, descending: boolean) =>
  ordered(groups, ["params.lr"], ["metrics.loss"], { id, descending }).map(({ values: [at] }) => Number(at));

it("stands by a column's mean, groups without one last", () => {
  expect(order("metrics.loss", false)).toEqual([2, 0, 1]);
  expect(order("metrics.loss", true)).toEqual([0, 2, 1]);
});

it("stands by its values where it is ordered by something else", () => {
  expect(order("start_time", true)).toEqual([0, 1, 2]);
  expect(order("params.lr", true)).toEqual([2, 1, 0]);
});
