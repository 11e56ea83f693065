import { describe, expect, it } from "vitest";
import type { Run } from "@/api/runs.ts";
import { changeOf, type Difference, differences } from "./differences.ts";

const run = (part: Partial<Run>): Run => ({
  id: "",
  name: "",
  experimentId: "",
  user: "ana",
  status: "FINISHED",
  start: null,
  end: null,
  deleted: false,
  artifactUri: "",
  metrics: {},
  params: {},
  tags: {},
  datasets: [],
  ...part,
});
const metric = (value: number) => ({ key: "", value, step: 0, timestamp: 0 }) as Run["metrics"][string];

describe("differences", () => {
  it("tell equal rows from others, and missing values from empty ones", () => {
    const rows = differences([
      run({ params: { lr: "0.1", same: "x", only: "" }, tags: { "mlflow.user": "ana", team: "a" } }),
      run({ params: { lr: "0.2", same: "x", constructor: "y" } }),
    ]);
    const told = Object.fromEntries(
      rows.map(({ key, same, cells }) => [key, [same, ...cells.map((cell) => cell?.text)]]),
    );
    expect(told).toEqual({
      Status: [true, "FINISHED", "FINISHED"],
      User: [true, "ana", "ana"],
      constructor: [false, undefined, "y"],
      lr: [false, "0.1", "0.2"],
      only: [false, "", undefined],
      same: [true, "x", "x"],
      team: [false, "a", undefined],
    });
  });
});

describe("a change", () => {
  const row = (group: Difference["group"], key: string): Difference => ({
    group,
    key,
    cells: [],
    same: false,
  });
  const cell = (number: number | null) => ({ text: "", number });
  it.each([
    ["loss", 0.5, 0.4, "↓ −20 %", true],
    ["loss", 0.5, 0.6, "↑ +20 %", false],
    ["acc", 0.5, 0.6, "↑ +20 %", true],
    ["acc", 0, 0.25, "↑ +0.25", true],
    ["acc", -1, 1, "↑ +200 %", true],
    ["acc", 1, 51, "↑ +5,000 %", true],
  ])("of %s from %d to %d is %s", (key, from, to, text, better) => {
    expect(changeOf(row("Metrics", key), cell(to), cell(from))).toEqual({ text, better });
  });
  it("of a param is neither better nor worse", () => {
    expect(changeOf(row("Params", "lr"), cell(2), cell(1))).toEqual({ text: "↑ +100 %", better: null });
  });
  it("needs two numbers that differ", () => {
    expect([
      changeOf(row("Metrics", "a"), cell(1), cell(1)),
      changeOf(row("Metrics", "a"), null, cell(1)),
      changeOf(row("Metrics", "a"), cell(null), cell(1)),
    ]).toEqual([null, null, null]);
  });
  it("joins metrics of several runs", () => {
    const [row] = differences([
      run({ metrics: { a: metric(1) } }),
      run({ metrics: { a: metric(2) } }),
    ]).filter(({ group }) => group === "Metrics");
    expect(row?.cells.map((one) => one?.number)).toEqual([1, 2]);
  });
});
