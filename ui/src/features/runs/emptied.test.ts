import { expect, test } from "vitest";
import type { Column } from "@/api/experiments.ts";
import { absentKey, withoutLast } from "./emptied.ts";

const column = (kind: Column["kind"], key: string) => ({ kind, key, runs: 1 }) as Column;
const KNOWN = [column("metric", "f1"), column("metric", "val/loss"), column("param", "learning rate")];

test.each([
  ["metrics.f2 > 0.5", ["metrics.f2", "metrics.f1", "metrics.f1 > 0.5"]],
  [
    "metrics.f1 > 0.5 and metrics.`val_loss` < 1",
    ["metrics.`val_loss`", "metrics.val/loss", "metrics.f1 > 0.5 and metrics.val/loss < 1"],
  ],
  [
    "metrics.`learning rat` < 1",
    ["metrics.`learning rat`", "params.`learning rate`", "params.`learning rate` < 1"],
  ],
  ["params.unlike = '1'", ["params.unlike", undefined, undefined]],
  ["metric.f1 > 0.5", null],
  ["tags.mlflow.user = 'ana'", null],
  ["run_name LIKE '%metrics.f2%'", null],
])("the key that no run has: %s", (filter, expected) => {
  const found = absentKey(filter, KNOWN);
  expect(found && [found.key, found.near, found.corrected]).toEqual(expected);
});

test.each([
  ["metrics.f1 > 0.5 and params.a = 'b AND c'", "metrics.f1 > 0.5"],
  ["a = 1 AND b BETWEEN 1 AND 2", "a = 1"],
  ["a = 1 AND (b = 1 AND c = 2)", "a = 1"],
  ["a = 1 AND b = 2 OR c = 3", null],
  ["a BETWEEN 1 AND 2", null],
  ["a = 1", null],
])("without the last condition: %s", (filter, expected) => {
  expect(withoutLast(filter)).toBe(expected);
});
