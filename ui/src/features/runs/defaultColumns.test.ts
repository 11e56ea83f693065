import { describe, expect, it } from "vitest";
import type { Column } from "@/api/experiments.ts";
import { defaultColumns, numericColumns } from "./defaultColumns.ts";

const column = (
  kind: Column["kind"],
  key: string,
  runs: number,
  distinct: number | null = null,
  numeric = false,
): Column => ({
  kind,
  key,
  runs,
  distinct,
  numeric,
});

describe("default columns", () => {
  it("are telling metrics, params that vary, and times", () => {
    const known = [
      column("metric", "epoch_seconds", 10),
      column("metric", "val_loss", 10),
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

  it("name the user where there are several", () => {
    expect(defaultColumns([column("tag", "mlflow.user", 9, 2)])).toContain("user_id");
  });
});
