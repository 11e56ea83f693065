/** A log that grows: bytes come in pieces, lines stay where they are. */
import { levelOf, plainText } from "./ansi.ts";

/** What is known of a log: its complete lines, and the bytes after the last of them. */
export interface LogText {
  lines: readonly string[];
  /** Where the line that is not over begins, in bytes. */
  settled: number;
  open: string;
  /** How many bytes before the first of the lines are left out. */
  skipped: number;
}

export const NO_LOG: LogText = { lines: [], settled: 0, open: "", skipped: 0 };

const NEWLINE = 10;

/** The log with the bytes from `log.settled` on, which replace the open line: a progress bar may have rewritten it. */
export function extendLog(log: LogText, bytes: Uint8Array): LogText {
  const end = bytes.lastIndexOf(NEWLINE) + 1;
  const decode = (part: Uint8Array) => new TextDecoder().decode(part);
  const complete = end ? decode(bytes.subarray(0, end - 1)).split("\n") : [];
  return {
    ...log,
    lines: complete.length ? [...log.lines, ...complete] : log.lines,
    settled: log.settled + end,
    open: decode(bytes.subarray(end)),
  };
}

/** What is known of a log of which only the end was read, from `start` on: the line that began before is left out. */
export function endOfLog(bytes: Uint8Array, start: number): LogText {
  const first = bytes.indexOf(NEWLINE) + 1;
  const skipped = start + first;
  return extendLog({ ...NO_LOG, settled: skipped, skipped }, bytes.subarray(first));
}

/** All lines, the open one too. */
export const allLines = ({ lines, open }: LogText): readonly string[] => (open ? [...lines, open] : lines);

export const LEVELS = ["warning", "error"] as const;
type LeastLevel = (typeof LEVELS)[number];

/** Numbers of the lines at a level or above, each with the indented lines that belong to it. */
export function linesAt(lines: readonly string[], least: LeastLevel): number[] {
  let belongs = false;
  return lines.flatMap((line, at) => {
    const text = plainText(line);
    if (!(belongs && /^\s+\S/.test(text))) {
      const level = levelOf(text);
      belongs = level === "error" || (level === "warning" && least === "warning");
    }
    return belongs ? [at] : [];
  });
}
