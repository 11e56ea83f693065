import { expect, it } from "vitest";
import type { RunRow } from "@/api/runRows.ts";
import { heatOf, tintOf } from "./heat.ts";

const runs = [3, 1, Number.NaN, 2].map(
  (value, at) =>
    ({ id: String(at), values: { "metrics.loss": value, "metrics.acc": 1 } }) as unknown as RunRow,
);
const metric = (key: string) => ({ kind: "metric", key, aggregate: "last" }) as const;

it("columns that are tinted know their worst and best value, those that differ in nothing have none", () => {
  const columns = [metric("loss"), metric("acc"), { kind: "param", key: "lr" } as const];
  const tinted = ["metrics.loss", "metrics.acc", "params.lr"];
  expect(heatOf(runs, columns, tinted, () => true)).toEqual([[3, 1], null, null]);
  expect(heatOf(runs, columns, tinted, () => false)[0]).toEqual([1, 3]);
  expect(heatOf(runs, columns, [], () => true)).toEqual([null, null, null]);
});

it("the best value has the strongest tint, and no value none", () => {
  expect(tintOf([3, 1], 1)).toContain("var(--accent) 32%");
  expect(tintOf([3, 1], 2)).toContain("var(--accent) 16%");
  expect(tintOf([3, 1], 9)).toContain("var(--accent) 0%");
  expect(tintOf([3, 1], null)).toBeUndefined();
  expect(tintOf([3, 1], Number.NaN)).toBeUndefined();
  expect(tintOf(null, 1)).toBeUndefined();
});
