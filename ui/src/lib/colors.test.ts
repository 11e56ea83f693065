import { describe, expect, it } from "vitest";
import { assignSlots, runStyle, STYLES } from "./colors.ts";

/** Contrast of two colours, WCAG 2.2, "relative luminance" and "contrast ratio". */
function contrast(a: string, b: string): number {
  const luminance = (hex: string) =>
    [1, 3, 5]
      .map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255)
      .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4))
      .reduce((sum, value, at) => sum + value * ([0.2126, 0.7152, 0.0722][at] as number), 0);
  const [high = 0, low = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

describe("styles of runs", () => {
  it("are told by dashes where the system sets all colours", () => {
    const dashes = Array.from({ length: 6 }, (_, slot) => runStyle(slot, "dark", true).dash.join());
    expect(new Set(dashes).size).toBe(6);
    expect(runStyle(0, "dark", false).dash).toEqual(runStyle(1, "dark", false).dash);
  });

  it.each([
    ["light", "#ffffff", 2.9],
    ["dark", "#11161d", 3],
  ] as const)("can be seen on the %s surface", (theme, surface, least) => {
    for (let slot = 0; slot < 10; slot += 1)
      expect(contrast(runStyle(slot, theme).color, surface)).toBeGreaterThan(least);
  });

  it("are thirty different ones", () => {
    const styles = Array.from({ length: STYLES }, (_, slot) => JSON.stringify(runStyle(slot, "light")));
    expect(new Set(styles).size).toBe(30);
  });

  it("are grey beyond that and for runs that are not shown", () => {
    expect(runStyle(STYLES, "dark")).toEqual(runStyle(-1, "dark"));
  });
});

describe("slots", () => {
  it("are given in order, the lowest first", () => {
    expect([...assignSlots(["a", "b", "c"], new Map())]).toEqual([
      ["a", 0],
      ["b", 1],
      ["c", 2],
    ]);
  });

  it("stay with a run while others come and go", () => {
    const first = assignSlots(["a", "b", "c"], new Map());
    const second = assignSlots(["d", "c", "a"], first);
    expect(Object.fromEntries(second)).toEqual({ a: 0, c: 2, d: 1 });
  });

  it("never collide", () => {
    const clashing = new Map([
      ["a", 1],
      ["b", 1],
    ]);
    expect(new Set(assignSlots(["a", "b", "c"], clashing).values()).size).toBe(3);
  });
});
