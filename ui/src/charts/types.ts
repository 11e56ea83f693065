import type { Axis } from "@/api/metrics.ts";

/** A run as charts draw it. */
export interface ShownRun {
  id: string;
  name: string;
  slot: number;
}

/** How panels are drawn; all of it lives in the URL. */
export interface ChartOptions {
  axis: Axis;
  smoothing: number;
  logScale: boolean;
  zoom: [number, number] | null;
}

export const AXES: readonly (readonly [Axis, string])[] = [
  ["step", "Step"],
  ["relative", "Relative"],
  ["wall", "Wall"],
];
