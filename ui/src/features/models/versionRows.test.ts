import { expect, it } from "vitest";
import type { Run } from "@/api/runs.ts";
import { versionRows } from "./versionRows.ts";

const run = (params: Record<string, string>, loss: number) =>
  ({ params, metrics: { loss: { key: "loss", value: loss } } }) as unknown as Run;

it("two versions differ in metrics, params, signature and model", () => {
  const document = (type: string, version: string) => ({
    signature: { inputs: `[{"type": "${type}", "name": "x"}]` },
    flavors: { sklearn: { sklearn_version: version, nested: {} } },
  });
  const rows = versionRows(
    {
      run: run({ lr: "1", same: "x" }, 0.5),
      document: document("long", "1.0"),
      requirements: "numpy==1.0\nmlflow==3.17.2\n",
    },
    {
      run: run({ lr: "2", same: "x", constructor: "y" }, 0.25),
      document: document("double", "2.0"),
      requirements: "numpy==2.0\nmlflow==3.17.2\nscipy==1.9",
    },
  );
  expect(rows.map(({ group, key, before, after }) => [group, key, before, after])).toEqual([
    ["Metrics", "loss", "0.5", "0.25"],
    ["Params", "constructor", null, "y"],
    ["Params", "lr", "1", "2"],
    ["Signature", "input x", "long", "double"],
    ["Model", "sklearn.sklearn_version", "1.0", "2.0"],
    ["Requirements", "numpy", "1.0", "2.0"],
    ["Requirements", "scipy", null, "1.9"],
  ]);
});

it("of what is not known nothing is told", () => {
  expect(
    versionRows({ run: undefined, document: undefined }, { run: undefined, document: undefined }),
  ).toEqual([]);
});
