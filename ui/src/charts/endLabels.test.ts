import { expect, it } from "vitest";
import { labelRoom, spread } from "./endLabels.ts";

it("moves labels apart in their order and keeps them inside", () => {
  expect(spread([50, 50, 20], 10, 0, 100)).toEqual([50, 60, 20]);
  expect(spread([98, 99, 97], 10, 0, 100)).toEqual([85, 95, 75]);
});

it("keeps room for them where there are few lines and the chart is wide", () => {
  const lines = Array.from({ length: 3 }, () => ({}) as never);
  expect(labelRoom({ lines: [null, ...lines] }, 800)).toBeGreaterThan(100);
  expect(labelRoom({ lines: [null, ...lines] }, 400)).toBe(12);
  expect(labelRoom({ lines: [null, ...lines.slice(0, 1)] }, 800)).toBe(12);
});
