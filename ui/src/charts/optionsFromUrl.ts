import type { Axis } from "@/lib/axes.ts";
import { useSettings } from "@/lib/settings.ts";
import type { Band, ChartOptions } from "./types.ts";

interface ChartSearch {
  x?: Axis;
  sm?: string;
  y?: "log";
  z?: string;
  bd?: Exclude<Band, "spread">;
}

/** Chart options out of the URL; what cannot be read is the default. */
export function optionsFromUrl({ x = "step", sm, y, z, bd }: ChartSearch): ChartOptions {
  const smoothing = Number(sm ?? usual());
  const [from, to] = (z ?? "").split("..").map(Number);
  const zoomed =
    from !== undefined && to !== undefined && Number.isFinite(from) && Number.isFinite(to) && from < to;
  return {
    axis: x,
    smoothing: smoothing > 0 && smoothing < 1 ? smoothing : 0,
    logScale: y === "log",
    zoom: zoomed ? [from, to] : null,
    band: bd ?? "spread",
  };
}

const usual = (): number => useSettings.getState().smoothing;

/** The same back; defaults are left out. */
export function optionsToUrl(part: Partial<ChartOptions>): ChartSearch {
  const search: ChartSearch = {};
  if ("axis" in part)
    Object.assign(search, { x: part.axis === "step" ? undefined : part.axis, z: undefined });
  if ("smoothing" in part) search.sm = part.smoothing === usual() ? undefined : String(part.smoothing);
  if ("logScale" in part) search.y = part.logScale ? "log" : undefined;
  if (part.band) search.bd = part.band === "spread" ? undefined : part.band;
  if ("zoom" in part)
    search.z = part.zoom ? part.zoom.map((value) => Number(value.toPrecision(15))).join("..") : undefined;
  return search;
}
