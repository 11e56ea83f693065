import { expect, it } from "vitest";
import { boxOf } from "./boxes.ts";
import { svgOfBars, svgOfBoxes } from "./boxShapes.ts";

const ink = { ground: "#fff", text: "#000", quiet: "#555", grid: "#eee" };
const parsed = (svg: string) => new DOMParser().parseFromString(svg, "image/svg+xml");

it("a file of boxes has every box with its name, and outliers as points", () => {
  const boxes = [boxOf("a<b", [1, 2, 3, 4, 100]), boxOf("adamw", [2, 3])].filter((box) => box !== null);
  const found = parsed(svgOfBoxes("loss by optimizer", boxes, "#35d", ink));
  expect([...found.querySelectorAll("text")].map((text) => text.textContent)).toEqual(
    expect.arrayContaining(["loss by optimizer", "a<b", "adamw"]),
  );
  expect(found.querySelectorAll("rect[rx]")).toHaveLength(2);
  expect(found.querySelectorAll("circle")).toHaveLength(1);
});

it("a file of differences has a bar on the side of its sign", () => {
  const bars = [
    { name: "less", by: -2, color: "#123" },
    { name: "more", by: 1, color: "#456" },
  ];
  const found = parsed(svgOfBars("loss, from the baseline", bars, ink));
  const [less, more] = [...found.querySelectorAll("rect[rx]")].map((bar) => [
    Number(bar.getAttribute("x")),
    Number(bar.getAttribute("width")),
  ]) as [[number, number], [number, number]];
  expect(less[0] + less[1]).toBe(more[0]);
  expect(less[1]).toBe(2 * more[1]);
  expect(found.documentElement.textContent).toContain("+1");
});
