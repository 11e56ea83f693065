import { expect, it } from "vitest";
import { parseWidths, withWidth } from "./ownWidths.ts";

it("widths are read as they were written, within reason", () => {
  const texts = withWidth(parseWidths(["params.a:b:120", "nonsense", "x:no"]), "metrics.loss", 5000);
  expect(texts).toEqual(["params.a:b:120", "metrics.loss:800"]);
  expect([...parseWidths(texts ?? [])]).toEqual([
    ["params.a:b", 120],
    ["metrics.loss", 800],
  ]);
});

it("a column goes back to its usual width, and without any nothing is kept", () => {
  expect(withWidth(parseWidths(["a:100", "b:90"]), "a", null)).toEqual(["b:90"]);
  expect(withWidth(parseWidths(["a:100"]), "a", null)).toBeUndefined();
});
