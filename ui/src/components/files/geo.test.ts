import { describe, expect, it } from "vitest";
import { readMap } from "./geo.ts";

const square = (west: number, south: number, size: number) => [
  [
    [west, south],
    [west + size, south],
    [west + size, south + size],
    [west, south + size],
    [west, south],
  ],
];
const map = (json: unknown) => readMap(JSON.stringify(json));

describe("a map", () => {
  it("has shapes and features of every kind", () => {
    const read = map({
      type: "FeatureCollection",
      features: [
        {
          type: "Feature",
          properties: { name: "field", area: 2 },
          geometry: { type: "Polygon", coordinates: square(0, 0, 1) },
        },
        {
          type: "Feature",
          id: 7,
          geometry: {
            type: "MultiPoint",
            coordinates: [
              [0, 0],
              [1, 1],
            ],
          },
        },
        {
          type: "Feature",
          geometry: {
            type: "GeometryCollection",
            geometries: [
              {
                type: "LineString",
                coordinates: [
                  [0, 0],
                  [1, 1],
                ],
              },
            ],
          },
        },
      ],
    });
    expect(read?.shapes.map(({ feature, kind }) => [feature, kind])).toEqual([
      [0, "area"],
      [1, "point"],
      [1, "point"],
      [2, "line"],
    ]);
    expect(read?.features.map(({ title }) => title)).toEqual(["field", "7", ""]);
    expect(read?.features[0]?.properties).toEqual([
      ["name", "field"],
      ["area", "2"],
    ]);
  });

  it("is as wide as the land is at its latitude", () => {
    const at = (latitude: number) => map({ type: "Polygon", coordinates: square(0, latitude, 1) });
    const ratio = (read: ReturnType<typeof map>) => ((read?.width ?? 0) - 92) / ((read?.height ?? 1) - 92);
    expect(ratio(at(-0.5))).toBeCloseTo(1, 3);
    expect(ratio(at(59.5))).toBeCloseTo(0.5, 3);
  });

  it("of one point has room around it", () => {
    const read = map({ type: "Point", coordinates: [13.4, 52.5] });
    expect(read?.shapes[0]?.x).toBeCloseTo((read?.width ?? 0) / 2, 1);
    expect(read?.grid.length).toBeGreaterThan(0);
  });

  it.each(["", "[]", "{}", '{"type": "Point", "coordinates": ["x", null]}', '{"type": "Polygon"}', "1"])(
    "is not made of %j",
    (text) => {
      expect(readMap(text)).toBeNull();
    },
  );

  it("leaves out positions where there are too many", () => {
    const coordinates = Array.from({ length: 130_000 }, (_, at) => [at / 1e5, Math.sin(at)]);
    const read = map({ type: "LineString", coordinates });
    expect(read?.thinned).toBe(true);
    expect(read?.shapes[0]?.path.split("L").length).toBeLessThan(60_000);
  });

  it("leaves out points and features where there are too many", () => {
    const coordinates = Array.from({ length: 100_000 }, (_, at) => [at / 1e5, at / 1e5]);
    const read = map({ type: "MultiPoint", coordinates });
    expect([read?.thinned, (read?.shapes.length ?? 0) <= 20_000]).toEqual([true, true]);
    const feature = { type: "Feature", geometry: { type: "Point", coordinates: [1, 1] } };
    const many = map({ type: "FeatureCollection", features: Array(5001).fill(feature) });
    expect([many?.thinned, many?.features.length]).toEqual([true, 5000]);
  });
});
