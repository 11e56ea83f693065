import { expect, it } from "vitest";
import { axisOf, flipped } from "@/lib/scales.ts";
import { brushedFilter } from "./brushFilter.ts";

const axis = (id: string, values: (number | string | null)[]) => ({
  id,
  values,
  axis: axisOf(values, String),
});
const rate = axis("params.lr", [0.1, 0.2, 0.3, null]);
const kind = axis("params.a kind", ["x", "y", "z", "it's"]);
const loss = axis("min(metrics.loss)", [1, 2, 3, 4]);

it("ranges become conditions with values that runs have", () => {
  const brushes = new Map<string, [number, number]>([
    ["params.lr", [0.4, 1]],
    ["min(metrics.loss)", [0, 0.5]],
  ]);
  expect(brushedFilter("", [rate, kind, loss], brushes)).toBe(
    "number(params.lr) >= 0.2 AND number(params.lr) <= 0.3 AND min(metrics.loss) >= 1 AND min(metrics.loss) <= 2",
  );
});

it("words are listed, one is named, and what was asked before stays in brackets", () => {
  const words = (range: [number, number]) => new Map([["params.a kind", range]]);
  expect(brushedFilter("a = 1 OR b = 2", [kind], words([0.5, 1]))).toBe(
    "(a = 1 OR b = 2) AND params.`a kind` IN ('y', 'z')",
  );
  expect(brushedFilter("", [kind], words([0, 0.1]))).toBe(`params.\`a kind\` = "it's"`);
});

it("an axis that is upside down keeps the same runs, and no range changes nothing", () => {
  const turned = { ...rate, axis: flipped(rate.axis) };
  expect(brushedFilter("", [turned], new Map([["params.lr", [0, 0.1]]]))).toBe(
    "number(params.lr) >= 0.3 AND number(params.lr) <= 0.3",
  );
  expect(brushedFilter("a = 1", [rate], new Map())).toBe("a = 1");
  expect(brushedFilter("", [rate], new Map())).toBeUndefined();
});
