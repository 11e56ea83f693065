/** What single panels have of their own, as texts of the URL: `val/loss|log,wall`. */
import type { Axis } from "@/api/metrics.ts";
import type { ChartOptions, OwnOptions, PanelOptions } from "./types.ts";

const AXES: readonly string[] = ["step", "relative", "wall"];

export function parseOwn(texts: readonly string[]): ReadonlyMap<string, OwnOptions> {
  return new Map(
    texts.flatMap((text): [string, OwnOptions][] => {
      const cut = text.lastIndexOf("|");
      const words = text.slice(cut + 1).split(",");
      const own: OwnOptions = {};
      for (const word of words) {
        if (AXES.includes(word)) own.axis = word as Axis;
        else if (word === "log" || word === "linear") own.logScale = word === "log";
        else if (word === "logx") own.logX = true;
        else if (word === "clip") own.clipped = true;
      }
      return cut > 0 && Object.keys(own).length ? [[text.slice(0, cut), own]] : [];
    }),
  );
}

export function formatOwn(panels: ReadonlyMap<string, OwnOptions>): string[] {
  return [...panels].flatMap(([key, { axis, logScale, logX, clipped }]) => {
    const words = [
      axis,
      logScale === undefined ? undefined : logScale ? "log" : "linear",
      logX ? "logx" : undefined,
      clipped ? "clip" : undefined,
    ].filter((word) => word !== undefined);
    return words.length ? [`${key}|${words.join()}`] : [];
  });
}

/** The options of a panel. A zoom is on the axis that all share. */
export function merged(shared: ChartOptions, own: OwnOptions = {}): PanelOptions {
  const { axis = shared.axis, logScale = shared.logScale, logX, clipped } = own;
  return {
    ...shared,
    axis,
    logScale,
    zoom: axis === shared.axis ? shared.zoom : null,
    logX: logX === true && axis !== "wall",
    clipped: clipped === true,
  };
}
