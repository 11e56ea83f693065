import { describe, expect, it } from "vitest";
import { type LoggedModel, toLoggedModel } from "@/api/loggedModels.ts";
import { datasetOf } from "@/lib/datasetId.ts";
import { bestOf, columnsIn, defaultColumns, metricOf, orderOf } from "./columns.ts";

const point = (key: string, value: number, timestamp: number, dataset_name?: string) => ({
  ...{ key, value, timestamp, step: 0, dataset_name },
  dataset_digest: dataset_name ? "d1" : undefined,
});
const model = (id: string, lr: string, ...metrics: ReturnType<typeof point>[]): LoggedModel =>
  toLoggedModel({
    info: { model_id: id, status: "LOGGED_MODEL_READY" },
    data: {
      metrics,
      params: [
        { key: "lr", value: lr },
        { key: "seed", value: "1" },
      ],
    },
  });

describe("columns of logged models", () => {
  const models = [
    model("a", "1", point("acc", 0.5, 1, "iris"), point("acc", 0.75, 2, "iris"), point("loss", 0.1, 1)),
    model("b", "2", point("acc", 0.5, 1, "iris"), point("loss", 0.3, 1)),
  ];

  it("are metrics by dataset, facts, and params that differ", () => {
    const shown = defaultColumns(columnsIn(models), models).map(({ id }) => id);
    expect(shown).toEqual(["created", "run", "metrics.loss", "metrics.acc@iris#d1", "params.lr"]);
  });

  it("hold the latest value, and know the best", () => {
    const [, , loss, acc] = defaultColumns(columnsIn(models), models);
    if (!loss || !acc) throw new Error("no such columns");
    expect(models.map((one) => metricOf(one, acc))).toEqual([0.75, 0.5]);
    expect([bestOf(models, loss), bestOf(models, acc)]).toEqual([0.1, 0.75]);
  });

  it("are sorted by the server, on the dataset they are of", () => {
    const none = { dataset: "", digest: "" };
    expect(orderOf("-created")).toEqual({ field: "creation_timestamp", ascending: false, ...none });
    expect(orderOf("metrics.a@b/c")).toEqual({ field: "metrics.a@b/c", ascending: true, ...none });
    expect(orderOf("-metrics.acc@iris #2#d1")).toEqual({
      ...{ field: "metrics.acc", ascending: false, dataset: "iris #2", digest: "d1" },
    });
    expect(orderOf("params.lr")).toBeNull();
  });

  it("name datasets whose names hold the mark", () => {
    expect(datasetOf("a#b#c")).toEqual({ name: "a#b", digest: "c" });
  });
});
