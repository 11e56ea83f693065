import { expect, it } from "vitest";
import type { Plot } from "./plot.ts";
import { type Drawn, svgOf } from "./svgPanel.ts";

const drawn: Drawn = {
  width: 200,
  height: 100,
  box: { left: 50, top: 10, width: 140, height: 60 },
  across: (x) => 50 + x * 10,
  down: (y) => 70 - y * 10,
  ticks: { x: [{ at: 60, text: "1" }], y: [{ at: 40, text: "3" }] },
};
const plot = {
  data: [
    [0, 1, 2],
    [5, null, 3],
    [1, null, 1],
    [2, 2.5, 1.25],
    [4, undefined, undefined],
  ],
  series: [
    {},
    { stroke: "transparent" },
    { stroke: "transparent" },
    { stroke: "#123", width: 1.5, dash: [6, 3] },
    { stroke: "#456", points: { show: true } },
  ],
  bands: [{ series: [1, 2], fill: "#12345626" }],
  lines: [],
  marks: [{ x: 2, text: "1" }],
} as unknown as Plot;
const ink = { ground: "#fff", text: "#000", quiet: "#555", grid: "#eee" };

it("lines, bands, points, ticks and names of a chart are in the picture", () => {
  const text = svgOf("val/loss", plot, drawn, [{ name: "one", color: "#123" }], ink);
  expect(text).toContain(
    '<path d="M50 50L60 45L70 57.5" stroke="#123" stroke-width="1.5" stroke-dasharray="6 3"/>',
  );
  expect(text).toContain('<path d="M50 20L70 40L70 60L50 60Z" fill="#12345626"/>');
  expect(text).toContain('<circle cx="50" cy="30" r="3" fill="#456"/>');
  expect(text).toContain('<path d="M70 10V70" stroke="#555" stroke-dasharray="3 3"/>');
  expect(text).not.toContain("transparent");
  const read = new DOMParser().parseFromString(text, "image/svg+xml");
  expect([...read.querySelectorAll("text")].map((one) => one.textContent)).toEqual([
    "val/loss",
    "1",
    "3",
    "one",
  ]);
});

it("names stay names", () => {
  const text = svgOf(
    `"><script>alert(1)</script>`,
    plot,
    drawn,
    [{ name: "a & \u0001b", color: "#123" }],
    ink,
  );
  expect(text).not.toContain("<script");
  expect(text).toContain("&#60;script&#62;");
  expect(text).toContain("a &#38; �b");
});

it("a line has a gap where a value is NaN, and a dot where a point is alone", () => {
  const broken = {
    ...plot,
    data: [
      [0, 1, 2, 3],
      [1, 2, null, 3],
    ],
    series: [{}, { stroke: "#123", points: { show: false, filter: [] } }],
    bands: [],
  } as unknown as Plot;
  const text = svgOf("loss", broken, drawn, [], ink);
  expect(text).toContain('<path d="M50 60L60 50M80 40" stroke="#123"');
  expect(text.match(/<circle/g)).toHaveLength(1);
  expect(text).toContain('<circle cx="80" cy="40"');
});
