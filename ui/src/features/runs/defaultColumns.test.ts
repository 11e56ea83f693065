import { describe, expect, it } from "vitest";
import type { Column } from "@/api/experiments.ts";
import { askedFor, defaultColumns, equalColumns, numericColumns } from "./defaultColumns.ts";

const column = (kind: Column["kind"], key: string, more: Partial<Column> = {}): Column => ({
  kind,
  key,
  runs: 10,
  distinct: null,
  numeric: false,
  points: null,
  place: null,
  ...more,
});

describe("default columns", () => {
  it("are those with a place, in that order, and times", () => {
    const known = [
      column("metric", "epoch_seconds", { place: 1, points: 9 }),
      column("metric", "system/cpu", { points: 60 }),
      column("metric", "val_loss", { place: 0, points: 60 }),
      column("param", "lr", { place: 2, distinct: 4, numeric: true }),
      column("param", "seed", { place: 3, distinct: 1 }),
      column("tag", "mlflow.user", { distinct: 1 }),
    ];
    expect(defaultColumns(known)).toEqual([
      "trend(metrics.val_loss)",
      "metrics.val_loss",
      "metrics.epoch_seconds",
      "params.lr",
      "duration",
      "start_time",
    ]);
    expect(numericColumns(known)).toEqual(new Set(["params.lr"]));
    expect(equalColumns(known)).toEqual([{ kind: "param", key: "seed" }]);
    expect(askedFor([{ kind: "param", key: "lr" }], known)).toEqual(["params.lr", "params.seed"]);
  });

  it("draw no line over steps of what is logged once", () => {
    const known = [
      column("metric", "auc", { place: 0, points: 1 }),
      column("metric", "rare", { place: 1, points: 2 }),
    ];
    expect(defaultColumns(known).slice(0, 2)).toEqual(["trend(metrics.rare)", "metrics.auc"]);
    expect(defaultColumns(known.slice(0, 1))[0]).toBe("metrics.auc");
  });

  it("name the user where there are several", () => {
    expect(defaultColumns([column("tag", "mlflow.user", { distinct: 2 })])).toContain("user_id");
  });
});
