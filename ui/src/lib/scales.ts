/** From values to places and colours. */
import { byName } from "./byName.ts";
import { isFigure } from "./format.ts";

export type Value = number | string | null;

/** Where values stand on an axis from 0 to 1: numbers by size, words by name. */
export interface Axis {
  kind: "number" | "word";
  /** Null for what has no place. */
  place: (value: Value) => number | null;
  ticks: { at: number; text: string }[];
  bounds: [number, number];
  words: string[];
  /** Whether distances are ratios. */
  log?: boolean;
}

/** The number at a place of an axis of numbers. */
export function valueAt({ bounds: [low, high], log, place }: Axis, part: number): number {
  const inner = (place(low) ?? 0) > (place(high) ?? 1) ? 1 - part : part;
  return log ? low * (high / low) ** inner : low + (high - low) * inner;
}

/** The axis with its ends exchanged. */
export const flipped = (axis: Axis): Axis => ({
  ...axis,
  place: (value) => {
    const place = axis.place(value);
    return place === null ? null : 1 - place;
  },
  ticks: axis.ticks.map(({ at, text }) => ({ at: 1 - at, text })),
});

/** An axis over the values; unless told, logarithmic where all are above zero and span a hundredfold or more. */
export function axisOf(
  values: readonly Value[],
  format: (value: number) => string,
  scale?: "log" | "linear",
): Axis {
  const words = [...new Set(values.filter((value) => typeof value === "string"))].sort(byName);
  if (words.length) {
    const at = (index: number) => (words.length === 1 ? 0.5 : index / (words.length - 1));
    const places = new Map(words.map((word, index) => [word, at(index)]));
    const step = Math.ceil(words.length / 12);
    return {
      kind: "word",
      place: (value) => (value === null ? null : (places.get(String(value)) ?? null)),
      ticks: words.flatMap((text, index) => (index % step ? [] : [{ at: at(index), text }])),
      bounds: [0, words.length - 1],
      words,
    };
  }
  const numbers = values.filter((value) => typeof value === "number").filter(isFigure);
  const low = numbers.reduce((least, value) => Math.min(least, value), Infinity);
  const high = numbers.reduce((most, value) => Math.max(most, value), -Infinity);
  if (low > high) return { kind: "number", place: () => null, ticks: [], bounds: [0, 1], words };
  const log = low > 0 && scale !== "linear" && (scale === "log" || high / low >= 100);
  const [from, to] = log ? [Math.log(low), Math.log(high)] : [low, high];
  const span = to - from;
  const place = (value: Value): number | null => {
    if (typeof value !== "number" || !isFigure(value)) return null;
    return span === 0 ? 0.5 : ((log ? Math.log(value) : value) - from) / span;
  };
  const at = span === 0 ? [0.5] : [0, 0.25, 0.5, 0.75, 1];
  const tick = (part: number) => (log ? Math.exp(from + part * span) : from + part * span);
  return {
    kind: "number",
    place,
    ticks: at.map((part) => ({ at: part, text: format(span === 0 ? low : tick(part)) })),
    bounds: [low, high],
    words,
    log,
  };
}

/** Viridis at ten places (van der Walt and Smith 2015): even in lightness, safe for colour-blind eyes. */
const VIRIDIS = [
  [68, 1, 84],
  [72, 40, 120],
  [62, 74, 137],
  [49, 104, 142],
  [38, 130, 142],
  [31, 158, 137],
  [53, 183, 121],
  [110, 206, 88],
  [181, 222, 43],
  [253, 231, 37],
] as const;

/** The colour of a place from 0 to 1; on white the bright end stops short, on black the dark end, so that all is seen. */
export function sequential(part: number, theme: "light" | "dark"): string {
  const inside = Math.min(1, Math.max(0, part));
  const kept = theme === "light" ? inside * 0.85 : 0.2 + inside * 0.8;
  const at = kept * (VIRIDIS.length - 1);
  const low = VIRIDIS[Math.floor(at)] as readonly [number, number, number];
  const high = VIRIDIS[Math.ceil(at)] as readonly [number, number, number];
  return `rgb(${low.map((channel, index) => Math.round(channel + ((high[index] as number) - channel) * (at % 1))).join(" ")})`;
}

/** The best value so far, in the order of time; runs without a value are passed over. */
export function bestSoFar(
  points: readonly { time: number; value: number }[],
  smaller: boolean,
): { time: number; value: number }[] {
  const sorted = [...points].sort((a, b) => a.time - b.time);
  const best: { time: number; value: number }[] = [];
  for (const point of sorted) {
    const before = best.at(-1)?.value;
    if (before === undefined || (smaller ? point.value < before : point.value > before)) best.push(point);
  }
  return best;
}
