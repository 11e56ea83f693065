import { expect, it } from "vitest";
import { axisOf } from "@/lib/scales.ts";
import { formatBrush, formatBrushes, kept, parseBrushes } from "./brushes.ts";

it("brushes are read as they were written", () => {
  const text = formatBrush("params.a:b", [0.2, 0.51234]);
  expect(text).toBe("params.a:b:0.2..0.512");
  expect([...parseBrushes([text, "nonsense", "params.x:2..1"])]).toEqual([["params.a:b", [0.2, 0.512]]]);
});

it("a range of one axis is no range of another whose name begins alike", () => {
  const brushes = parseBrushes(["params.a:b:0.1..0.2", "params.a:0..0.5"]);
  expect(formatBrushes(brushes, "params.a", null)).toEqual(["params.a:b:0.1..0.2"]);
  expect(formatBrushes(brushes, "params.a", [0.5, 1])).toEqual(["params.a:b:0.1..0.2", "params.a:0.5..1"]);
  expect(formatBrushes(parseBrushes(["params.a:0..1"]), "params.a", null)).toBeUndefined();
});

it("rows inside all brushes are kept, those without a target never", () => {
  const axis = (id: string, values: (number | string | null)[]) => ({
    id,
    values,
    axis: axisOf(values, String),
  });
  const axes = [axis("lr", [0, 1, 2, 3]), axis("kind", ["a", "b", "a", "b"]), axis("loss", [1, 2, null, 4])];
  expect(kept(axes, parseBrushes([]))).toEqual([0, 1, 3]);
  expect(kept(axes, parseBrushes(["lr:0.3..1", "kind:0.9..1"]))).toEqual([1, 3]);
});
