import { expect, it } from "vitest";
import { isoline, surfaceOf } from "./contour.ts";

it("the surface goes near its points and stays between them", () => {
  const surface = surfaceOf(
    [
      { x: 0, y: 0, z: 0 },
      { x: 1, y: 1, z: 10 },
    ],
    11,
    11,
  );
  expect(surface.values[0]).toBeLessThan(0.1);
  expect(surface.values.at(-1)).toBeGreaterThan(9.9);
  expect(surface.values[60]).toBeCloseTo(5);
  expect(Math.min(...surface.values)).toBeGreaterThanOrEqual(0);
});

it("a line of equal height crosses each cell where the height is reached", () => {
  const slope = { columns: 3, rows: 2, values: Float64Array.from([0, 1, 2, 0, 1, 2]) };
  expect(isoline(slope, 0.5)).toEqual([[0.25, 0, 0.25, 1]]);
  expect(isoline(slope, 5)).toEqual([]);
});
