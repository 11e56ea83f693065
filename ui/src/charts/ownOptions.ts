/** What single panels have of their own, as texts of the URL: `val/loss|log,wall`. */
import { type Axis, axisOf, isAxis, metricOf } from "@/lib/axes.ts";
import type { ChartOptions, OwnOptions, PanelOptions } from "./types.ts";

const BESIDE = "+"; // before a metric in the same panel

export function parseOwn(texts: readonly string[]): ReadonlyMap<string, OwnOptions> {
  return new Map(
    texts.flatMap((text): [string, OwnOptions][] => {
      const cut = text.lastIndexOf("|");
      const words = text.slice(cut + 1).split(",");
      const own: OwnOptions = {};
      for (const word of words) {
        const axis = unescaped(word);
        if (word.startsWith(BESIDE)) own.also = [...(own.also ?? []), unescaped(word.slice(1))];
        else if (isAxis(axis)) own.axis = axis;
        else if (word === "log" || word === "linear") own.logScale = word === "log";
        else if (word === "logx") own.logX = true;
        else if (word === "clip") own.clipped = true;
        else if (word === "points") own.points = true;
        else if (word === "table") own.asTable = true;
        else own.range = parseBounds(word) ?? own.range;
      }
      if (own.range === undefined) delete own.range;
      return cut > 0 && Object.keys(own).length ? [[text.slice(0, cut), own]] : [];
    }),
  );
}

export function formatOwn(panels: ReadonlyMap<string, OwnOptions>): string[] {
  return [...panels].flatMap(([key, { axis, logScale, logX, clipped, points, range, asTable, also }]) => {
    const words = [
      axis && escaped(axis),
      logScale === undefined ? undefined : logScale ? "log" : "linear",
      logX ? "logx" : undefined,
      clipped ? "clip" : undefined,
      points ? "points" : undefined,
      asTable ? "table" : undefined,
      ...(also ?? []).map((key) => BESIDE + encodeURIComponent(key)),
      range && `y${range.map((end) => Number(end.toPrecision(6))).join("..")}`,
    ].filter((word) => word !== undefined);
    return words.length ? [`${key}|${words.join()}`] : [];
  });
}

/** A metric's name may hold what parts the words. */
function escaped(axis: Axis): string {
  const metric = metricOf(axis);
  return metric === null ? axis : axisOf(encodeURIComponent(metric));
}

function unescaped(word: string): string {
  try {
    return decodeURIComponent(word);
  } catch {
    return word;
  }
}

function parseBounds(word: string): [number, number] | undefined {
  const [from, to] = /^y(.+)\.\.(.+)$/.exec(word)?.slice(1).map(Number) ?? [];
  if (from === undefined || to === undefined) return undefined;
  return Number.isFinite(from) && Number.isFinite(to) && from < to ? [from, to] : undefined;
}

/** The options of a panel. A zoom is on the axis that all share. */
export function merged(shared: ChartOptions, own: OwnOptions = {}): PanelOptions {
  const { axis = shared.axis, logScale = shared.logScale, logX, clipped, points, range } = own;
  return {
    ...shared,
    axis,
    logScale,
    zoom: axis === shared.axis ? shared.zoom : null,
    marks: axis === shared.axis ? shared.marks : undefined,
    logX: logX === true && axis !== "wall",
    clipped: clipped === true,
    points: points === true,
    range: range && (!logScale || range[0] > 0) ? range : undefined,
  };
}
