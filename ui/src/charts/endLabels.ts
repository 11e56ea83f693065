/** Names at the right ends of lines, where there are few of them and room for names. */
import type uPlot from "uplot";
import { areColorsForced } from "@/lib/theme.ts";
import { token } from "@/lib/token.ts";
import type { Line, Plot } from "./plot.ts";

const [FEWEST, MOST] = [2, 8]; // lines
const WIDE = 520; // pixels that a chart needs for names beside it
const NARROW = 280; // where colours do not tell them
const ROOM = 116;
const LETTERS = 17;
const HEIGHT = 13;
export const LEAST_ROOM = 12;

const named = ({ lines }: Pick<Plot, "lines">): number => lines.filter((line) => line !== null).length;

/** Pixels at the right edge of the plot. */
export const labelRoom = (plot: Pick<Plot, "lines">, width: number): number =>
  width >= (areColorsForced() ? NARROW : WIDE) && named(plot) >= FEWEST && named(plot) <= MOST
    ? ROOM
    : LEAST_ROOM;

/** Moves labels apart that would lie on one another; their middles, in the order of `wanted`. */
export function spread(wanted: readonly number[], height: number, top: number, bottom: number): number[] {
  const order = wanted.map((_, at) => at).sort((a, b) => (wanted[a] as number) - (wanted[b] as number));
  const placed = [...wanted];
  let free = top + height / 2;
  for (const at of order) {
    placed[at] = Math.max(placed[at] as number, free);
    free = (placed[at] as number) + height;
  }
  let last = bottom - height / 2;
  for (const at of order.reverse()) {
    placed[at] = Math.min(placed[at] as number, last);
    last = (placed[at] as number) - height;
  }
  return placed;
}

interface Bold {
  context: CanvasRenderingContext2D;
  /** The lines that are named, by their places; the others keep their room. */
  bold: readonly number[];
}

/** Names beside the plot; some of them, in bold, on another canvas that lies over it. */
export function drawLabels(u: uPlot, { lines, data }: Pick<Plot, "lines" | "data">, over?: Bold): void {
  const ratio = window.devicePixelRatio;
  const { left, top, width, height } = u.bbox;
  const ends = lines.flatMap((line, at): { at: number; line: Line; y: number }[] => {
    const y = line && lastHeight(u, data[at] ?? []);
    return line && y !== null ? [{ at, line, y }] : [];
  });
  const bounded = ends.map(({ y }) => Math.min(top + height, Math.max(top, y)));
  const places = spread(bounded, HEIGHT * ratio, top, top + height);
  const ctx = over?.context ?? u.ctx;
  ctx.save();
  ctx.font = `${over ? 700 : 500} ${11 * ratio}px Inter Variable, system-ui, sans-serif`;
  ctx.textBaseline = "middle";
  ctx.textAlign = "left";
  ends.forEach(({ at, line }, place) => {
    if (over && !over.bold.includes(at)) return;
    ctx.fillStyle = areColorsForced() ? token("--text") : line.style.color;
    ctx.fillText(cut(line.name), left + width + 6 * ratio, places[place] as number);
  });
  ctx.restore();
}

/** Where a line ends in what is on screen; null where nothing of it is. */
function lastHeight(u: uPlot, values: ArrayLike<number | null | undefined>): number | null {
  const { min, max } = u.scales.x ?? {};
  for (let at = values.length - 1; at >= 0; at -= 1) {
    const [x, value] = [u.data[0][at] as number, values[at]];
    if (value === null || value === undefined || (max != null && x > max)) continue;
    return min != null && x < min ? null : u.valToPos(value, "y", true);
  }
  return null;
}

const cut = (name: string): string => (name.length > LETTERS ? `${name.slice(0, LETTERS - 1)}…` : name);
