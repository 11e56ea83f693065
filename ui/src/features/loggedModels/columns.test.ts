import { describe, expect, it } from "vitest";
import { toLoggedModel } from "@/api/loggedModels.ts";
import type { KnownModelColumn, ModelRow } from "@/api/modelRows.ts";
import { parseSort } from "@/lib/columns.ts";
import { datasetOf } from "@/lib/datasetId.ts";
import {
  askedFor,
  bestOf,
  columnsOf,
  defaultColumns,
  metricOf,
  metricsOf,
  orderOf,
  parseColumn,
} from "./columns.ts";

const known: KnownModelColumn[] = [
  { kind: "metric", key: "loss", models: 2 },
  { kind: "metric", key: "acc", models: 2, dataset_name: "iris", dataset_digest: "d1" },
  { kind: "param", key: "lr", models: 2, distinct: 2 },
  { kind: "param", key: "seed", models: 2, distinct: 1 },
  { kind: "param", key: "warm", models: 1, distinct: 1 },
  { kind: "tag", key: "mlflow.modelVersions", models: 1, distinct: 1 },
  { kind: "tag", key: "team", models: 1, distinct: 1 },
];
const row = (values: ModelRow["values"]) => ({ values }) as ModelRow;

describe("columns of logged models", () => {
  it("are metrics by dataset, facts, and params that differ", () => {
    const shown = (steps: boolean, registered: boolean) =>
      defaultColumns(known, { steps, registered }).map(({ id }) => id);
    const rest = ["metrics.loss", "metrics.acc@iris#d1", "params.lr", "params.warm"];
    expect(shown(false, false)).toEqual(["created", "run", ...rest]);
    expect(shown(true, true)).toEqual(["created", "run", "step", "versions", ...rest]);
  });

  it("are all params and people's own tags too, by choice", () => {
    const ids = columnsOf(known).map(({ id }) => id);
    expect(ids.slice(-4)).toEqual(["params.lr", "params.seed", "params.warm", "tags.team"]);
    for (const id of ids) expect(parseColumn(id)?.id).toBe(id);
    expect(parseColumn("bogus")).toBeNull();
  });

  it("are asked for by dataset, in one order whatever theirs is", () => {
    const columns = ["params.lr", "created", "metrics.acc@iris#d1", "metrics.loss"].flatMap(
      (id) => parseColumn(id) ?? [],
    );
    expect([...askedFor(columns)]).toEqual([
      ["metrics.acc@iris#d1", { name: "metrics.acc", dataset_name: "iris", dataset_digest: "d1" }],
      ["metrics.loss", { name: "metrics.loss", dataset_name: "", dataset_digest: null }],
      ["params.lr", { name: "params.lr", dataset_name: null, dataset_digest: null }],
    ]);
  });

  it("know the best of their figures", () => {
    const [loss, acc] = ["metrics.loss", "metrics.acc@iris#d1"].flatMap((id) => parseColumn(id) ?? []);
    if (!loss || !acc) throw new Error("no such columns");
    const rows = [
      row({ [loss.id]: 0.1, [acc.id]: 0.75 }),
      row({ [loss.id]: 0.3, [acc.id]: "NaN" }),
      row({ [acc.id]: 0.5 }),
    ];
    expect([bestOf(rows, loss), bestOf(rows, acc)]).toEqual([0.1, 0.75]);
  });

  it("of models side by side hold the latest value", () => {
    const point = (value: number, timestamp: number) => ({
      ...{ key: "acc", value, timestamp, step: 0, dataset_name: "iris", dataset_digest: "d1" },
    });
    const model = toLoggedModel({
      info: { model_id: "a", status: "LOGGED_MODEL_READY" },
      data: { metrics: [point(0.5, 1), point(0.75, 2)] },
    });
    expect(metricsOf([model, model]).map((column) => [column.id, metricOf(model, column)])).toEqual([
      ["metrics.acc@iris#d1", 0.75],
    ]);
  });

  it("are sorted by the server, on the dataset they are of", () => {
    const none = { dataset: "", digest: "" };
    const order = (text: string) => orderOf(parseSort(text));
    expect(order("-created")).toEqual([{ field: "creation_timestamp", ascending: false, ...none }]);
    expect(order("step")).toEqual([{ field: "step", ascending: true, ...none }]);
    expect(order("metrics.a@b/c")).toEqual([{ field: "metrics.a@b/c", ascending: true, ...none }]);
    expect(order("-metrics.acc@iris #2#d1")).toEqual([
      { field: "metrics.acc", ascending: false, dataset: "iris #2", digest: "d1" },
    ]);
    expect(order("params.lr")).toEqual([]);
  });

  it("name datasets whose names hold the mark", () => {
    expect(datasetOf("a#b#c")).toEqual({ name: "a#b", digest: "c" });
  });
});
