import { describe, expect, it } from "vitest";
import type { RunRow, Value } from "@/api/runRows.ts";
import { smallerIsBetter } from "@/lib/metricNames.ts";
import { bestValues, cellOf, changeFrom } from "./cells.ts";

const run = (id: string, loss: Value, values: RunRow["values"] = {}): RunRow => ({
  id,
  name: id,
  experimentId: "1",
  user: "ana",
  status: "FINISHED",
  start: 1000,
  end: 61_000,
  deleted: false,
  trashed: null,
  measured: true,
  values: {
    "metrics.loss": loss,
    "params.lr": "0.01",
    "params.empty": "",
    "params.absent": null,
    "tags.mlflow.source.git.commit": "0123456789",
    "tags.mlflow.source.name": null,
    dataset: "train\nval",
    ...values,
  },
});

const LOSS = { kind: "metric", key: "loss", aggregate: "last" } as const;

describe("the change from the baseline", () => {
  it.each([
    [2, 1, -50],
    [-2, -1, 50],
    [1, 1, 0],
    [0, 1, null],
    [null, 1, null],
    [1, Number.NaN, null],
  ])("from %s to %s is %s percent", (base, value, expected) => {
    expect(changeFrom(base, value)).toBe(expected);
  });
});

describe("cells", () => {
  it("show figures shortened and keep them whole", () => {
    expect(cellOf(run("a", 0.123456789), LOSS, 0)).toEqual({
      text: "0.1235",
      full: "0.123456789",
      number: 0.123456789,
    });
    expect(cellOf(run("a", "NaN"), LOSS, 0).text).toBe("NaN");
  });

  it("show other figures of a metric", () => {
    const measured = run("a", 1, { "min(metrics.loss)": 0.5 });
    expect(cellOf(measured, { ...LOSS, aggregate: "min" }, 0).text).toBe("0.5");
    expect(cellOf(run("b", 1, { "min(metrics.loss)": null }), { ...LOSS, aggregate: "min" }, 0).text).toBe(
      "–",
    );
  });

  it("stay empty until they are read", () => {
    const unread = { text: "", full: "", number: null };
    expect(cellOf(run("a", 1), { ...LOSS, aggregate: "max" }, 0)).toEqual(unread);
    expect(cellOf(run("a", 1), { kind: "param", key: "constructor" }, 0)).toEqual(unread);
  });

  it.each(["absent", "empty"])("show a dash for the param %s", (key) => {
    expect(cellOf(run("a", 1), { kind: "param", key }, 0).text).toBe("–");
  });

  it("show attributes", () => {
    expect(cellOf(run("a", 1), { kind: "attribute", key: "duration" }, 0).text).toBe("1m");
    expect(cellOf(run("a", 1), { kind: "attribute", key: "version" }, 0).text).toBe("0123456");
    expect(cellOf(run("a", 1), { kind: "attribute", key: "source" }, 0).text).toBe("–");
    expect(cellOf(run("a", 1), { kind: "attribute", key: "dataset" }, 0).text).toBe("train, val");
  });
});

describe("the best value", () => {
  it("is the smallest loss and the largest accuracy", () => {
    const runs = [run("a", 1), run("b", 3), run("c", "NaN"), run("d", Number.MAX_VALUE)];
    expect(bestValues(runs, [LOSS], smallerIsBetter)).toEqual([1]);
    const asAccuracy = runs.map((one) =>
      run(one.id, null, { "metrics.acc": one.values["metrics.loss"] ?? null }),
    );
    expect(bestValues(asAccuracy, [{ ...LOSS, key: "acc" }], smallerIsBetter)).toEqual([3]);
  });

  it("is none where all are equal", () => {
    expect(bestValues([run("a", 1), run("b", 1)], [LOSS], smallerIsBetter)).toEqual([null]);
  });
});
