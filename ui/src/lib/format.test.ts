import { describe, expect, it } from "vitest";
import {
  formatAgo,
  formatBytes,
  formatDate,
  formatDuration,
  formatNumber,
  formatTime,
  plural,
  toNumber,
} from "./format.ts";

describe("numbers", () => {
  it.each([
    [0.123456, "0.1235"],
    [1234.567, "1,235"],
    [123456, "123,456"],
    [-0.5, "−0.5"],
    [0.00001234, "1.23e-5"],
    [1.5e9, "1.50e+9"],
    [0, "0"],
    [Number.NaN, "NaN"],
    [-Infinity, "−∞"],
  ])("%d is written %s", (value, text) => {
    expect(formatNumber(value)).toBe(text);
  });

  it("that are none are read from text", () => {
    expect([toNumber("NaN"), toNumber("Infinity"), toNumber("-Infinity"), toNumber(1)]).toEqual([
      NaN,
      Infinity,
      -Infinity,
      1,
    ]);
  });
});

describe("times", () => {
  it.each([
    [80, "80ms"],
    [4_200, "4.2s"],
    [90_000, "1m 30s"],
    [11_520_000, "3h 12m"],
    [86_400_000, "1d"],
    [999.7, "1s"],
    [59_970, "1m"],
    [Number.NaN, "–"],
    [Infinity, "–"],
  ])("%d ms is %s", (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });

  it("are told by their age", () => {
    expect(formatAgo(0, 10_000)).toBe("just now");
    expect(formatAgo(0, 3_600_000 * 5)).toBe("5 h ago");
    expect(formatAgo(Date.UTC(2031, 0, 2, 12), Date.UTC(2026, 0, 1))).toBe("2 Jan 2031");
  });
});

it("nanoseconds are no date, and stay the number they are", () => {
  const nanoseconds = 1_795_427_343_575_000_000;
  for (const format of [formatTime, formatDate]) expect(format(nanoseconds)).toContain("1795427343575000000");
  expect(formatAgo(nanoseconds, 0)).toBe("1795427343575000000");
});

it("things are counted in full", () => {
  expect([plural(1, "run"), plural(12_345, "run"), plural(2, "entry", "entries")]).toEqual([
    "1 run",
    "12,345 runs",
    "2 entries",
  ]);
});

it("sizes are binary", () => {
  expect([formatBytes(0), formatBytes(758), formatBytes(23_581), formatBytes(5 * 1024 ** 3)]).toEqual([
    "0 B",
    "758 B",
    "23.0 KiB",
    "5.0 GiB",
  ]);
});
