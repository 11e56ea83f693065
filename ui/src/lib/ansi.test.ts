import { describe, expect, it } from "vitest";
import { levelOf, parseAnsi, plainText, settled } from "./ansi.ts";

describe("a terminal's line", () => {
  it("is cut where its style changes", () => {
    expect(parseAnsi("a\x1b[1;31mb\x1b[0mc")).toEqual([
      { text: "a", style: {} },
      { text: "b", style: { bold: true, color: "red" } },
      { text: "c", style: {} },
    ]);
  });
  it.each([
    ["\x1b[38;5;196mx", "rgb(255 0 0)"],
    ["\x1b[38;5;244mx", "rgb(128 128 128)"],
    ["\x1b[38;5;9mx", "bright-red"],
    ["\x1b[38;2;1;2;3mx", "rgb(1 2 3)"],
    ["\x1b[94mx", "bright-blue"],
  ])("%j is in its colour", (line, color) => {
    expect(parseAnsi(line)[0]?.style.color).toBe(color);
  });
  it("goes on in the style of the line before", () => {
    expect(parseAnsi("x", { bold: true })).toEqual([{ text: "x", style: { bold: true } }]);
  });
  it("loses links, titles, cursor moves and control characters", () => {
    expect(plainText("\x1b]0;title\x07a\x1b[2Kb\x1b]8;;http://x\x1b\\c\x00\x08")).toBe("abc");
  });
  it("keeps markup as text", () => {
    expect(parseAnsi("<img src=x>")[0]?.text).toBe("<img src=x>");
  });
  it("shows the last state of what was overwritten", () => {
    expect([settled("10%\r50%\r100%"), settled("done\r"), settled("plain")]).toEqual([
      "100%",
      "done",
      "plain",
    ]);
  });
});

describe("a line's level", () => {
  it.each([
    ["2026-01-01 ERROR train: boom", "error"],
    ["Traceback (most recent call last):", "error"],
    ["ValueError: bad", "error"],
    ["WARNING: slow", "warning"],
    ["a.py:3: UserWarning: hm", "warning"],
    ["error rate 0.3", null],
  ])("%j is %s", (line, level) => {
    expect(levelOf(line)).toBe(level);
  });
});
