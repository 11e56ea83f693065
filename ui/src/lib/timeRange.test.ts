import { describe, expect, it } from "vitest";
import { formatRange, fromInput, parseRange, rangeCondition, rangeTitle, toInput } from "./timeRange.ts";

const NOON = Date.UTC(2026, 10, 2, 12, 0, 30);

describe("a range of time", () => {
  it.each([
    ["1h", { last: 3_600_000 }],
    ["2w", { last: 14 * 86_400_000 }],
    ["2026-11-01T09:00Z..", { from: Date.UTC(2026, 10, 1, 9), to: null }],
    ["..2026-11-01T09:00Z", { from: null, to: Date.UTC(2026, 10, 1, 9) }],
    ["..", null],
    ["0h", null],
    ["yesterday", null],
    ["never..", null],
  ])("is read from %s", (text, range) => expect(parseRange(text)).toEqual(range));

  it("is written as it is read", () => {
    const text = "2026-11-01T09:00Z..2026-11-02T09:30Z";
    expect(formatRange(parseRange(text) as { from: number; to: number })).toBe(text);
    expect(formatRange({ from: null, to: null })).toBeUndefined();
  });

  it("asks for the same within a minute, so that what was read is used again", () => {
    expect(rangeCondition("1h", NOON)).toBe(`start_time >= ${Date.UTC(2026, 10, 2, 11)}`);
    expect(rangeCondition("1h", NOON + 20_000)).toBe(rangeCondition("1h", NOON));
    expect(rangeCondition("1h", NOON + 40_000)).not.toBe(rangeCondition("1h", NOON));
    expect(rangeCondition("7d", NOON + 600_000)).toBe(rangeCondition("7d", NOON));
  });

  it("has ends that are conditions of their own", () => {
    const [from, to] = [Date.UTC(2026, 10, 1, 9), Date.UTC(2026, 10, 2, 9)];
    const text = "2026-11-01T09:00Z..2026-11-02T09:00Z";
    expect(rangeCondition(text, NOON)).toBe(`start_time >= ${from} AND start_time < ${to}`);
    expect(rangeCondition("nonsense", NOON)).toBe("");
  });

  it("is said in words", () => {
    expect(rangeTitle("24h")).toBe("Last 24 hours");
    expect(rangeTitle("1w")).toBe("Last week");
    expect(rangeTitle("3m")).toBe("Last 3 minutes");
    expect(rangeTitle("2026-11-01T09:00Z..")).toMatch(/^Since /);
    expect(rangeTitle("nonsense")).toBe("Any time");
  });

  it("goes through an input of either zone and back", () => {
    for (const zone of [undefined, "UTC"]) expect(fromInput(toInput(NOON, zone), zone)).toBe(NOON - 30_000);
    expect(toInput(NOON, "UTC")).toBe("2026-11-02T12:00");
    expect(fromInput("", "UTC")).toBeNull();
    expect(fromInput(toInput(NOON, undefined, "second"), undefined)).toBe(NOON);
    expect(toInput(9e15, "UTC")).toBe("");
  });
});
