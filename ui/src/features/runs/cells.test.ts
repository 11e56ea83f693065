import { describe, expect, it } from "vitest";
import type { Run } from "@/api/runs.ts";
import { smallerIsBetter } from "@/lib/direction.ts";
import { bestValues, cellOf, changeFrom, summaryKey } from "./cells.ts";

const run = (id: string, loss: unknown): Run =>
  ({
    id,
    name: id,
    status: "FINISHED",
    start: 1000,
    end: 61_000,
    metrics: { loss: { key: "loss", value: loss, timestamp: 0, step: 0 } },
    params: { lr: "0.01", empty: "" },
    tags: { "mlflow.source.git.commit": "0123456789" },
    datasets: [],
  }) as unknown as Run;

const LOSS = { kind: "metric", key: "loss", aggregate: "last" } as const;
const NONE = new Map();

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
    expect(cellOf(run("a", 0.123456789), LOSS, NONE, 0)).toEqual({
      text: "0.1235",
      full: "0.123456789",
      number: 0.123456789,
    });
    expect(cellOf(run("a", "NaN"), LOSS, NONE, 0).text).toBe("NaN");
  });

  it("show other aggregates from the summaries", () => {
    const summary = {
      run_id: "a",
      key: "loss",
      count: 2,
      last: 1,
      last_step: 1,
      first: 1,
      min: 0.5,
      min_step: 0,
      max: 1,
      max_step: 1,
      mean: 1,
    };
    const known = new Map([[summaryKey("a", "loss"), summary]]);
    expect(cellOf(run("a", 1), { ...LOSS, aggregate: "min" }, known, 0).text).toBe("0.5");
    expect(cellOf(run("b", 1), { ...LOSS, aggregate: "min" }, known, 0).text).toBe("–");
  });

  it.each(["absent", "empty", "constructor"])("show a dash for the param %s", (key) => {
    expect(cellOf(run("a", 1), { kind: "param", key }, NONE, 0).text).toBe("–");
  });

  it("show attributes", () => {
    expect(cellOf(run("a", 1), { kind: "attribute", key: "duration" }, NONE, 0).text).toBe("1m");
    expect(cellOf(run("a", 1), { kind: "attribute", key: "version" }, NONE, 0).text).toBe("0123456");
  });
});

describe("the best value", () => {
  it("is the smallest loss and the largest accuracy", () => {
    const runs = [run("a", 1), run("b", 3), run("c", "NaN")];
    expect(bestValues(runs, [LOSS], NONE, smallerIsBetter)).toEqual([1]);
    const asAccuracy = runs.map((one) => ({ ...one, metrics: { acc: one.metrics.loss } }) as Run);
    expect(bestValues(asAccuracy, [{ ...LOSS, key: "acc" }], NONE, smallerIsBetter)).toEqual([3]);
  });

  it("is none where all are equal", () => {
    expect(bestValues([run("a", 1), run("b", 1)], [LOSS], NONE, smallerIsBetter)).toEqual([null]);
  });
});
