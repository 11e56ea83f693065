import { describe, expect, it } from "vitest";
import type { Schemas } from "@/api/client.ts";
import { allColumns, usualColumns } from "./sourceRuns.ts";

const column = (kind: "metric" | "param" | "tag", key: string, place: number | null, distinct?: number) =>
  ({ kind, key, runs: 3, place, distinct: distinct ?? null }) as Schemas["Column"];

describe("columns of a model's versions", () => {
  const columns = [
    column("metric", "loss", 1),
    column("metric", "acc", 0),
    column("metric", "system/cpu", null),
    column("param", "lr", 2, 3),
    column("param", "seed", 3, 1),
    column("tag", "team", null, 1),
  ];

  it("are at first the metrics worth showing and the params that differ", () => {
    expect(usualColumns(columns)).toEqual(["metrics.acc", "metrics.loss", "params.lr"]);
  });

  it("are params that are equal too where there is one run", () => {
    const one = columns.map((column) => ({ ...column, runs: 1 }));
    expect(usualColumns(one)).toEqual(["metrics.acc", "metrics.loss", "params.lr", "params.seed"]);
  });

  it("are all metrics and params by choice, but those of the system", () => {
    expect(allColumns(columns)).toEqual(["metrics.acc", "metrics.loss", "params.lr", "params.seed"]);
  });
});
