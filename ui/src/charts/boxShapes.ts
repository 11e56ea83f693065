/** Where the parts of box plots are, in pixels, on screen and in files. */
import { formatNumber, plural } from "@/lib/format.ts";
import type { Box } from "./boxes.ts";
import { framed, type Ink, n, words } from "./svgFrame.ts";

const [ROW, MARGIN, AXIS, TICKS] = [34, 24, 24, 4];
const MOST_OUTLIERS = 100;
export const LABEL = 110; // where names end

/** A box in pixels: `y` is its middle, the rest lies along the axis. */
export interface BoxRow extends Omit<Box, "n"> {
  y: number;
  told: string;
}

interface DrawnBoxes {
  height: number;
  bottom: number;
  ticks: { at: number; text: string }[];
  rows: BoxRow[];
}

export function drawnBoxes(boxes: readonly Box[], width: number): DrawnBoxes {
  const ends = boxes.flatMap((box) => [box.low, box.high, ...box.outliers]);
  const [low, high] = [Math.min(...ends), Math.max(...ends)];
  const span = high - low || 1;
  const inner = Math.max(40, width - LABEL - 2 * MARGIN);
  const x = (value: number) => LABEL + MARGIN + (high === low ? 0.5 : (value - low) / span) * inner;
  const values =
    high === low ? [low] : Array.from({ length: TICKS }, (_, at) => low + (at / (TICKS - 1)) * span);
  const bottom = boxes.length * ROW;
  return {
    height: bottom + AXIS,
    bottom,
    ticks: values.map((value) => ({ at: x(value), text: formatNumber(value) })),
    rows: boxes.map((box, at) => ({
      y: at * ROW + ROW / 2,
      name: box.name,
      told: `${box.name}: ${plural(box.n, "run")}, median ${formatNumber(box.median)}, half of them from ${formatNumber(box.q1)} to ${formatNumber(box.q3)}`,
      low: x(box.low),
      q1: x(box.q1),
      median: x(box.median),
      q3: x(box.q3),
      high: x(box.high),
      outliers: box.outliers.slice(0, MOST_OUTLIERS).map(x),
    })),
  };
}

const WIDTH = 640;

export function svgOfBoxes(title: string, boxes: readonly Box[], color: string, ink: Ink): string {
  const { height, bottom, ticks, rows } = drawnBoxes(boxes, WIDTH);
  const body = [
    ...ticks.map(
      ({ at, text }) =>
        `<path d="M${n(at)} 0V${bottom}" stroke="${ink.grid}"/>` +
        words(at, height - 7, text, ink.quiet, 'font-size="11" text-anchor="middle"'),
    ),
    `<g fill="none" stroke="${color}">`,
    ...rows.map(
      ({ y, low, q1, median, q3, high, outliers }) =>
        `<path d="M${n(low)} ${y}H${n(high)}M${n(low)} ${y - 5}v10M${n(high)} ${y - 5}v10"/>` +
        `<rect x="${n(q1)}" y="${y - 9}" width="${n(Math.max(2, q3 - q1))}" height="18" rx="3" fill="${ink.ground}"/>` +
        `<path d="M${n(median)} ${y - 9}v18" stroke-width="2.5"/>` +
        outliers.map((at) => `<circle cx="${n(at)}" cy="${y}" r="2.5"/>`).join(""),
    ),
    "</g>",
    ...rows.map(({ y, name }) => words(LABEL, y + 4, name, ink.quiet, 'text-anchor="end"')),
  ];
  return framed(title, WIDTH, height, body, ink);
}

interface Bar {
  name: string;
  by: number;
  color: string;
}

const BAR = 26;

/** Bars to the left and to the right of a line in the middle. */
export function svgOfBars(title: string, bars: readonly Bar[], ink: Ink): string {
  const [left, right] = [LABEL + MARGIN, WIDTH - 90];
  const [middle, half] = [(left + right) / 2, (right - left) / 2];
  const most = Math.max(...bars.map(({ by }) => Math.abs(by)), Number.MIN_VALUE);
  const body = bars.map(({ name, by, color }, at) => {
    const [y, long] = [at * BAR, (Math.abs(by) / most) * half];
    return [
      words(LABEL, y + 17, name, ink.quiet, 'text-anchor="end"'),
      `<rect x="${n(by < 0 ? middle - long : middle)}" y="${y + 7}" width="${n(long)}" height="12" rx="2" fill="${color}"/>`,
      words(WIDTH - 14, y + 17, signed(by), ink.text, 'text-anchor="end"'),
    ].join("");
  });
  const line = `<path d="M${n(middle)} 0V${bars.length * BAR}" stroke="${ink.grid}"/>`;
  return framed(title, WIDTH, bars.length * BAR + 12, [line, ...body], ink);
}

/** A difference with its sign. */
export const signed = (by: number): string => `${by > 0 ? "+" : ""}${formatNumber(by)}`;
