/** Places along a chart's horizontal axis where something began: the epochs of a run. */
import type uPlot from "uplot";
import type { Series } from "@/api/metrics.ts";

export interface Mark {
  x: number;
  text: string;
}

const MOST = 200;

/** The metric that counts epochs, if one of these does. */
export const epochMetric = (keys: readonly string[]): string | undefined =>
  keys.filter((key) => /(^|[/_])epoch$/i.test(key)).sort((a, b) => a.length - b.length)[0];

/** Where a metric that counts epochs, in fractions or not, came to the next one; every nth where there are many. */
export function epochMarks(series: Pick<Series, "x" | "last">): Mark[] {
  let latest = Number.NEGATIVE_INFINITY;
  const marks = series.x.flatMap((x, at): Mark[] => {
    const epoch = Math.floor(series.last[at] ?? Number.NaN);
    if (!(epoch > latest)) return [];
    latest = epoch;
    return [{ x, text: String(epoch) }];
  });
  const every = Math.ceil(marks.length / MOST);
  return marks.filter((_, at) => at % every === 0);
}

const ROOM = 22; // pixels that a number needs

/** Draws them below the lines; a number stands where there is room for it. */
export function drawMarks(u: uPlot, marks: readonly Mark[], line: string, text: string): void {
  const ratio = window.devicePixelRatio;
  const { left, top, width, height } = u.bbox;
  const { ctx } = u;
  ctx.save();
  ctx.strokeStyle = line;
  ctx.fillStyle = text;
  ctx.lineWidth = ratio;
  ctx.font = `${10 * ratio}px Inter Variable, system-ui, sans-serif`;
  ctx.textAlign = "left";
  ctx.textBaseline = "top";
  ctx.setLineDash([3 * ratio, 3 * ratio]);
  for (const [at, numbered] of placed(u, marks)) {
    if (at < left || at > left + width) continue;
    ctx.beginPath();
    ctx.moveTo(at, top);
    ctx.lineTo(at, top + height);
    ctx.stroke();
    if (numbered) ctx.fillText(numbered, at + 3 * ratio, top);
  }
  ctx.restore();
}

function placed(u: uPlot, marks: readonly Mark[]): [number, string][] {
  let free = Number.NEGATIVE_INFINITY;
  return marks.map(({ x, text }) => {
    const at = u.valToPos(x, "x", true);
    if (at < free) return [at, ""];
    free = at + ROOM * window.devicePixelRatio;
    return [at, text];
  });
}
