/** What lies along a chart: steps, time, the time since a run began, or what another metric was at the step. */

export type Axis = "step" | "wall" | "relative" | `metric:${string}`;

export const AXES = [
  ["step", "Step"],
  ["relative", "Relative"],
  ["wall", "Wall"],
] as const satisfies readonly (readonly [Axis, string])[];

const METRIC = "metric:";

export const axisOf = (metric: string): Axis => `${METRIC}${metric}`;

/** The metric that the axis is; null where it is none. */
export const metricOf = (axis: Axis): string | null =>
  axis.startsWith(METRIC) ? axis.slice(METRIC.length) : null;

export const isAxis = (text: unknown): text is Axis =>
  typeof text === "string" &&
  (AXES.some(([axis]) => axis === text) || (text.startsWith(METRIC) && text.length > METRIC.length));

export const axisTitle = (axis: Axis): string => metricOf(axis) ?? axis;
