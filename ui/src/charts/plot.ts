/** uPlot's options for one metric over runs. */
import type uPlot from "uplot";
import type { Series } from "@/api/metrics.ts";
import { type Axis, axisTitle, metricOf } from "@/lib/axes.ts";
import { dashOf, type RunStyle, runStyle } from "@/lib/colors.ts";
import {
  formatDay,
  formatDuration,
  formatMinute,
  formatMoment,
  formatNumber,
  formatSecond,
  isFigure,
} from "@/lib/format.ts";
import { align, pieces, smooth, type Value } from "@/lib/series.ts";
import type { Theme } from "@/lib/theme.ts";
import { token } from "@/lib/token.ts";
import { drawLabels, LEAST_ROOM, labelRoom } from "./endLabels.ts";
import { drawMarks, type Mark } from "./marks.ts";
import type { PanelOptions, ShownRun } from "./types.ts";

const MOST_BANDS = 10; // runs; more bands than that only hide one another
const BAND = "26"; // alpha, about 15 %
const FAINT = "40"; // alpha of the values behind a smoothed line

export interface Line {
  run: ShownRun;
  style: RunStyle;
  /** The run's name, with the metric's where the panel has several. */
  name: string;
}

export interface Plot {
  data: uPlot.AlignedData;
  series: uPlot.Series[];
  bands: uPlot.Band[];
  /** For each of uPlot's series the run it belongs to when it is the main line, else null. */
  lines: (Line | null)[];
  marks: readonly Mark[];
}

type Column = { x: number[]; y: Value[] };

/** Lines, and where points were joined into buckets, what lies between their minima and maxima. */
export function plotOf(
  found: readonly Series[],
  runs: readonly ShownRun[],
  options: PanelOptions,
  theme: Theme,
): Plot {
  const keys = [...new Set(found.map(({ key }) => key))];
  const known = new Set(runs.map(({ id }) => id));
  const withBands =
    found.filter(({ run_id }) => known.has(run_id)).length <= MOST_BANDS && options.band !== "none";
  const columns: Column[] = [];
  const series: uPlot.Series[] = [{}];
  const bands: uPlot.Band[] = [];
  const lines: (Line | null)[] = [null];
  const add = (x: number[], y: Value[], look: uPlot.Series, line: Line | null = null): void => {
    const column = placed({ x, y }, options);
    const { points, ...rest } = { points: { show: false }, ...look };
    columns.push(column);
    series.push({ points: column.y.includes(null) ? { ...points, filter: alone } : points, ...rest });
    lines.push(line);
  };
  const drawn = runs.flatMap((run) =>
    found.filter(({ run_id }) => run_id === run.id).map((one) => ({ run, one })),
  );
  for (const { run, one } of drawn) {
    const style = lineStyle(run, keys.indexOf(one.key), runs.length === 1, theme);
    if (withBands && !one.exact && options.smoothing === 0) {
      const edge = { stroke: "transparent", width: 0 };
      add(one.x, one.max, edge);
      add(one.x, one.min, edge);
      bands.push({ series: [series.length - 2, series.length - 1], fill: `${style.color}${BAND}` });
    }
    if (withBands && options.smoothing > 0)
      add(one.x, one.last, { stroke: `${style.color}${FAINT}`, width: 1 });
    const values = one.exact ? one.last : one.mean;
    const look = {
      stroke: style.color,
      width: 1.5,
      dash: style.dash,
      // no line, if everything was logged at one step
      points: { show: options.points === true || one.x[0] === one.x.at(-1), size: options.points ? 4 : 6 },
    };
    add(one.x, smooth(values, options.smoothing), look, {
      run,
      style,
      name: lineName(run, one.key, keys.length),
    });
  }
  const [x, aligned] = align(columns);
  return { data: [x, ...aligned] as uPlot.AlignedData, series, bands, lines, marks: options.marks ?? [] };
}

/** Points with no figure on either side, which no line leads to. */
const alone: uPlot.Series.Points.Filter = (u, at, show) =>
  show ? null : pieces(u.data[at] ?? []).flatMap((piece) => (piece.length === 1 ? piece : []));

/** Of several metrics in a panel: runs have colours and metrics dashes; of one run the metrics have colours. */
function lineStyle(run: ShownRun, metric: number, alone: boolean, theme: Theme): RunStyle {
  if (metric <= 0) return runStyle(run.slot, theme);
  if (alone) return runStyle(metric, theme);
  return { ...runStyle(run.slot, theme), dash: dashOf(metric) };
}

export const lineName = ({ name }: ShownRun, key: string, metrics: number): string =>
  metrics > 1 ? `${name} · ${key}` : name;

/** What has a place on the axes: figures, above zero where they are logarithmic. */
function placed({ x, y }: Column, { logScale, logX }: PanelOptions): Column {
  const values = y.map((value) =>
    value !== null && isFigure(value) && (!logScale || value > 0) ? value : null,
  );
  if (!logX) return { x, y: values };
  return { x: x.filter((place) => place > 0), y: values.filter((_, at) => (x[at] as number) > 0) };
}

const OUTSIDE = 0.02; // of the values, at either end

/** From which value to which all lines but their outliers lie; null where nothing is left out. */
function clippedRange(plot: Plot): [number, number] | null {
  const values = plot.lines
    .flatMap((line, at) => (line ? Array.from(plot.data[at] ?? []) : []))
    .filter((value): value is number => typeof value === "number" && Number.isFinite(value))
    .sort((a, b) => a - b);
  const cut = Math.floor(values.length * OUTSIDE);
  const [low, high] = [values[cut], values[values.length - 1 - cut]];
  if (low === undefined || high === undefined || low >= high) return null;
  return [low, high];
}

interface Look {
  width: number;
  height: number;
  theme: Theme;
  options: PanelOptions;
  onZoom: (range: [number, number] | null) => void;
  /** Told of another vertical range; without it there is only the horizontal zoom. */
  onRange?: (range: [number, number] | undefined) => void;
  hooks: uPlot.Hooks.Arrays;
  sync: string;
}

export function optionsOf(
  plot: Plot,
  { width, height, theme, options, onZoom, onRange, hooks, sync }: Look,
): uPlot.Options {
  const range = options.range ?? (options.clipped ? clippedRange(plot) : null);
  let dragged = false; // in this chart; the others that share its cursor are told of it too
  const [grid, text, control] = [token("--grid"), token("--text-3"), token("--control")];
  const font = "11px Inter Variable, system-ui, sans-serif";
  const common = { stroke: text, font, grid: { stroke: grid, width: 1 }, ticks: { show: false } };
  return {
    width,
    height,
    ms: 1,
    series: plot.series,
    bands: plot.bands,
    legend: { show: false },
    padding: [8, labelRoom(plot, width), 0, 0],
    cursor: {
      points: { show: false },
      drag: { x: true, y: false, setScale: false },
      sync: { key: sync, setSeries: false },
      bind: {
        mousedown: (u, _, handle) => (event) => {
          if (event.button !== 0) return null;
          const upright = event.shiftKey && onRange !== undefined;
          Object.assign(u.cursor.drag ?? {}, { x: !upright, y: upright });
          dragged = true;
          handle(event);
          return null;
        },
        dblclick: () => () => {
          onZoom(null);
          onRange?.(undefined);
          return null;
        },
      },
    },
    scales: {
      x: {
        time: options.axis === "wall",
        ...(options.logX ? { distr: 3 as const } : {}),
        ...(options.zoom ? { range: () => options.zoom as [number, number] } : {}),
      },
      y: {
        ...(options.logScale ? { distr: 3 as const } : {}),
        ...(range ? { range: () => [...range] } : {}),
      },
    },
    axes: [
      { ...common, size: 28, ...xAxis(options.axis) },
      {
        ...common,
        size: 52,
        values: (_, splits) => splits.map(written),
      },
    ],
    hooks: {
      ...hooks,
      drawAxes: [(u) => drawMarks(u, plot.marks, control, text)],
      draw: [
        (u) => labelRoom(plot, width) > LEAST_ROOM && drawLabels(u, plot),
        ...(hooks.draw ?? []), // what lies over all of it
      ],
      setSelect: [...(hooks.setSelect ?? []), (u) => dragged && zoomTo(u, onZoom, onRange)],
    },
    class: theme,
  };
}

const LEAST = 6; // pixels; less is a click

function zoomTo(u: uPlot, onZoom: Look["onZoom"], onRange: Look["onRange"]): void {
  const { left, top, width, height } = u.select;
  const upright = u.cursor.drag?.y === true;
  if ((upright ? height : width) < LEAST) return;
  const [from, to] = upright
    ? [u.posToVal(top + height, "y"), u.posToVal(top, "y")]
    : [u.posToVal(left, "x"), u.posToVal(left + width, "x")];
  u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
  if (!(from < to)) return;
  if (upright) onRange?.([from, to]);
  else onZoom([from, to]);
}

const [SECOND, MINUTE, HOUR, DAY] = [1000, 60_000, 3_600_000, 86_400_000];
const ROUND_TIMES = [
  ...[1, 10, 100].flatMap((ms) => [ms, 2 * ms, 5 * ms]),
  ...[SECOND, MINUTE].flatMap((unit) => [1, 2, 5, 10, 15, 30].map((count) => count * unit)),
  ...[1, 2, 3, 6, 12].map((count) => count * HOUR),
  ...[1, 2, 7, 14, 30, 90, 365].map((count) => count * DAY),
];

/** A tick's number; a logarithmic axis leaves some without. */
const written = (value: number | null): string => (value === null ? "" : formatNumber(value));

/** Where the ticks of x are, and what they say. */
function xAxis(axis: Axis): Partial<uPlot.Axis> {
  if (axis === "step" || metricOf(axis) !== null) return { values: (_, splits) => splits.map(written) };
  if (axis === "relative")
    return {
      incrs: ROUND_TIMES,
      values: (_, splits) => splits.map((time) => (time ? formatDuration(time) : "0")),
    };
  return {
    values: (_, splits) => splits.map((time) => clock(time, (splits.at(-1) ?? 0) - (splits[0] ?? 0))),
  };
}

/** A time as its neighbours need it: the day, the minute, or the second. */
function clock(time: number, span: number): string {
  if (span > 2 * DAY) return formatDay(time);
  return span < 5 * MINUTE ? formatSecond(time) : formatMinute(time);
}

/** How x is said in words. */
export function formatX(axis: Axis, x: number): string {
  if (axis === "wall") return formatMoment(x);
  return axis === "relative" ? formatDuration(x) : `${axisTitle(axis)} ${formatNumber(x)}`;
}
