import { expect, it } from "vitest";
import type { Run } from "@/api/runs.ts";
import { heatOf, tintOf } from "./heat.ts";

const runs = [3, 1, Number.NaN, 2].map(
  (value, at) => ({ id: String(at), metrics: { loss: { value }, acc: { value: 1 } } }) as unknown as Run,
);
const metric = (key: string) => ({ kind: "metric", key, aggregate: "last" }) as const;

it("columns that are tinted know their worst and best value, those that differ in nothing have none", () => {
  const columns = [metric("loss"), metric("acc"), { kind: "param", key: "lr" } as const];
  const tinted = ["metrics.loss", "metrics.acc", "params.lr"];
  expect(heatOf(runs, columns, new Map(), tinted, () => true)).toEqual([[3, 1], null, null]);
  expect(heatOf(runs, columns, new Map(), tinted, () => false)[0]).toEqual([1, 3]);
  expect(heatOf(runs, columns, new Map(), [], () => true)).toEqual([null, null, null]);
});

it("the best value has the strongest tint, and no value none", () => {
  expect(tintOf([3, 1], 1)).toContain("var(--accent) 32%");
  expect(tintOf([3, 1], 2)).toContain("var(--accent) 16%");
  expect(tintOf([3, 1], 9)).toContain("var(--accent) 0%");
  expect(tintOf([3, 1], null)).toBeUndefined();
  expect(tintOf([3, 1], Number.NaN)).toBeUndefined();
  expect(tintOf(null, 1)).toBeUndefined();
});
