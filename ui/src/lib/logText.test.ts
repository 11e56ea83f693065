import { expect, it } from "vitest";
import { allLines, endOfLog, extendLog, linesAt, NO_LOG } from "./logText.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

it("grows by lines, and reads the last one again", () => {
  const first = extendLog(NO_LOG, bytes("a\né 10%"));
  expect(first).toEqual({ lines: ["a"], settled: 2, open: "é 10%", skipped: 0 });
  const second = extendLog(first, bytes("é 99%\nb\n"));
  expect(allLines(second)).toEqual(["a", "é 99%", "b"]);
  expect(extendLog(second, bytes(""))).toEqual({ ...second, open: "" });
});

it("may be known from a place within on", () => {
  const end = endOfLog(bytes("lf of a line\nb\nc"), 1000);
  expect(end).toEqual({ lines: ["b"], settled: 1015, open: "c", skipped: 1013 });
  expect(allLines(extendLog(end, bytes("cc\n")))).toEqual(["b", "cc"]);
});

it("keeps empty lines", () => {
  expect(allLines(extendLog(NO_LOG, bytes("\n\nx")))).toEqual(["", "", "x"]);
});

it("lines of a level come with the indented lines below them", () => {
  const lines = [
    "INFO started",
    "2026 WARNING low memory",
    "Traceback (most recent call last):",
    '  File "a.py", line 1',
    "    raise ValueError",
    "ValueError: no",
    "  indented by itself",
    "INFO done",
    "  of the line before",
  ];
  expect(linesAt(lines, "error")).toEqual([2, 3, 4, 5, 6]);
  expect(linesAt(lines, "warning")).toEqual([1, 2, 3, 4, 5, 6]);
});
