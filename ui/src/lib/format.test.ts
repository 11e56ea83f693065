import { describe, expect, it } from "vitest";
import { formatAgo, formatBytes, formatDuration, formatNumber, toNumber } from "./format.ts";

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
  ])("%d ms is %s", (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });

  it("are told by their age", () => {
    expect(formatAgo(0, 10_000)).toBe("just now");
    expect(formatAgo(0, 3_600_000 * 5)).toBe("5 h ago");
  });
});

it("sizes are binary", () => {
  expect([formatBytes(0), formatBytes(758), formatBytes(23_581), formatBytes(5 * 1024 ** 3)]).toEqual([
    "0 B",
    "758 B",
    "23.0 KiB",
    "5.0 GiB",
  ]);
});
