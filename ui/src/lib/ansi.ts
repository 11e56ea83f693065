/** Lines as a terminal shows them: colours and weights (ECMA-48, SGR), and what a carriage return overwrites. */

interface Style {
  /** A name among the sixteen (`red`, `bright-red`), or a colour as CSS writes it. */
  color?: string;
  background?: string;
  bold?: boolean;
  dim?: boolean;
  italic?: boolean;
  underline?: boolean;
}

export interface Span {
  text: string;
  style: Style;
}

const NAMES = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"];
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const SEQUENCE = /\x1b(?:\[([\d;:]*)([@-~])|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\^_])/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is left out
const CONTROLS = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]/g;

/** The text of a line as it was left: each carriage return begins it anew. */
export function settled(line: string): string {
  const trimmed = line.endsWith("\r") ? line.slice(0, -1) : line;
  return trimmed.slice(trimmed.lastIndexOf("\r") + 1);
}

/** The line without any sequence, to search in. */
export const plainText = (line: string): string =>
  line.includes("\x1b") ? line.replace(SEQUENCE, "").replace(CONTROLS, "") : line.replace(CONTROLS, "");

/** The line cut where its style changes. `before` is the style that the line before left on. */
export function parseAnsi(line: string, before: Style = {}): Span[] {
  const spans: Span[] = [];
  let style = before;
  let from = 0;
  const push = (to: number) => {
    const text = line.slice(from, to).replace(CONTROLS, "");
    if (text) spans.push({ text, style });
  };
  for (const match of line.matchAll(SEQUENCE)) {
    push(match.index);
    from = match.index + match[0].length;
    if (match[2] === "m") style = applied(style, match[1] ?? "");
  }
  push(line.length);
  return spans;
}

function applied(before: Style, parameters: string): Style {
  const codes = parameters.split(/[;:]/).map(Number);
  let style = { ...before };
  for (let at = 0; at < codes.length; at += 1) {
    const code = codes[at] as number;
    if (code === 38 || code === 48) {
      const [color, used] = extended(codes.slice(at + 1));
      at += used;
      if (color) style = { ...style, [code === 38 ? "color" : "background"]: color };
    } else style = simple(style, code);
  }
  return style;
}

function simple(style: Style, code: number): Style {
  if (code === 0) return {};
  if (code === 1) return { ...style, bold: true };
  if (code === 2) return { ...style, dim: true };
  if (code === 3) return { ...style, italic: true };
  if (code === 4) return { ...style, underline: true };
  if (code === 22) return { ...style, bold: false, dim: false };
  if (code === 23) return { ...style, italic: false };
  if (code === 24) return { ...style, underline: false };
  if (code === 39) return { ...style, color: undefined };
  if (code === 49) return { ...style, background: undefined };
  if (code >= 30 && code <= 37) return { ...style, color: NAMES[code - 30] };
  if (code >= 40 && code <= 47) return { ...style, background: NAMES[code - 40] };
  if (code >= 90 && code <= 97) return { ...style, color: `bright-${NAMES[code - 90]}` };
  if (code >= 100 && code <= 107) return { ...style, background: `bright-${NAMES[code - 100]}` };
  return style;
}

/** The colour that follows 38 or 48, and how many codes it took: `5;n` of a table of 256, or `2;r;g;b`. */
function extended([kind, ...rest]: number[]): [color: string | null, used: number] {
  if (kind === 2) {
    const [r = 0, g = 0, b = 0] = rest;
    return [`rgb(${r & 255} ${g & 255} ${b & 255})`, 4];
  }
  if (kind !== 5) return [null, 1];
  const index = (rest[0] ?? 0) & 255;
  if (index < 16) return [`${index < 8 ? "" : "bright-"}${NAMES[index % 8]}`, 2];
  if (index > 231)
    return [
      `rgb(${Array(3)
        .fill(8 + 10 * (index - 232))
        .join(" ")})`,
      2,
    ];
  const level = (part: number) => (part ? 55 + 40 * part : 0);
  const cube = index - 16;
  const channels = [Math.floor(cube / 36), Math.floor(cube / 6) % 6, cube % 6].map(level);
  return [`rgb(${channels.join(" ")})`, 2];
}

/** A style's colour as CSS writes it; the sixteen are the theme's. */
export const cssColor = (color: string | undefined): string | undefined =>
  color && (color.startsWith("rgb") ? color : `var(--ansi-${color})`);

export type Level = "error" | "warning" | null;

/** What a line says of itself; only words that loggers write, in capitals or at the line's start. */
export function levelOf(text: string): Level {
  if (
    /\b(?:ERROR|CRITICAL|FATAL)\b|^(?:Traceback \(most recent call last\)|\w*(?:Error|Exception)\b.*:)/.test(
      text,
    )
  )
    return "error";
  return /\bWARN(?:ING)?\b|^\S+:\d+: \w*Warning:/.test(text) ? "warning" : null;
}
