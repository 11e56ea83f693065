import { describe, expect, it } from "vitest";
import type { Column } from "@/api/experiments.ts";
import { columnId } from "@/lib/columns.ts";
import { defaultColumns, equalColumns, numericColumns } from "./defaultColumns.ts";

const column = (
  kind: Column["kind"],
  key: string,
  runs: number,
  distinct: number | null = null,
  numeric = false,
  points: number | null = null,
): Column => ({
  kind,
  key,
  runs,
  distinct,
  numeric,
  points,
});

describe("default columns", () => {
  it("are telling metrics, params that vary, and times", () => {
    const known = [
      column("metric", "epoch_seconds", 10),
      column("metric", "val_loss", 10, null, true, 60),
      column("metric", "rare", 1),
      column("metric", "system/cpu", 10),
      column("param", "seed", 10, 1),
      column("param", "lr", 10, 4, true),
      column("tag", "mlflow.user", 10, 1),
    ];
    expect(defaultColumns(known)).toEqual([
      "trend(metrics.val_loss)",
      "metrics.val_loss",
      "metrics.epoch_seconds",
      "metrics.rare",
      "params.lr",
      "duration",
      "start_time",
    ]);
    expect(numericColumns(known)).toEqual(new Set(["params.lr"]));
  });

  it("draw no line over steps of what is logged once", () => {
    const known = [column("metric", "auc", 9, null, true, 1), column("metric", "rare", 3, null, true, 2)];
    expect(defaultColumns(known).slice(0, 2)).toEqual(["trend(metrics.rare)", "metrics.auc"]);
    expect(defaultColumns(known.slice(0, 1))[0]).toBe("metrics.auc");
  });

  it("name the user where there are several", () => {
    expect(defaultColumns([column("tag", "mlflow.user", 9, 2)])).toContain("user_id");
  });
});

it("params that are equal in all runs are told at once, a few of them", () => {
  const equal = ["a", "b", "c", "d", "e"].map((key) => column("param", key, 10, 1));
  const known = [
    column("tag", "mlflow.user", 10, 2),
    column("param", "lr", 10, 4),
    column("param", "late", 9, 1),
  ];
  expect(equalColumns([...known, ...equal]).map(columnId)).toEqual([
    "params.a",
    "params.b",
    "params.c",
    "params.d",
  ]);
  expect(equalColumns([])).toEqual([]);
});
