/** A panel as a file: its figures, or its picture. */

import type uPlot from "uplot";
import type { Series } from "@/api/metrics.ts";
import { toCsv } from "@/lib/csv.ts";
import { saveFile } from "@/lib/saveFile.ts";
import type { Plot } from "./plot.ts";
import { drawnBy, svgOf } from "./svgPanel.ts";
import type { ShownRun } from "./types.ts";

/** A chart on screen. */
export interface Shown {
  chart: uPlot;
  plot: Plot;
}

const fileName = (metric: string, ending: string): string => `${metric.replace(/\W+/g, "_")}.${ending}`;

export function saveCsv(metric: string, series: readonly Series[], runs: readonly ShownRun[]): void {
  const names = new Map(runs.map((run) => [run.id, run.name]));
  const rows = series.flatMap((one) =>
    one.x.map((x, at) => [
      one.run_id,
      names.get(one.run_id) ?? "",
      x,
      one.last[at] ?? null,
      one.min[at] ?? null,
      one.max[at] ?? null,
    ]),
  );
  saveFile(fileName(metric, "csv"), toCsv([["run_id", "name", "x", "last", "min", "max"], ...rows]));
}

type Legend = readonly { name: string; color: string }[];

/** The chart in lines and words. */
export function saveSvg(metric: string, { chart, plot }: Shown, legend: Legend): void {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string) => style.getPropertyValue(name).trim();
  const ink = {
    ground: token("--surface"),
    text: token("--text"),
    quiet: token("--text-2"),
    grid: token("--grid"),
  };
  const text = svgOf(metric, plot, drawnBy(chart), legend, ink);
  saveFile(fileName(metric, "svg"), text, "image/svg+xml");
}

const [TITLE, LINE] = [34, 18];

/** The drawn canvas on the page's ground, with the metric above and the runs' names below. */
export function savePng(metric: string, { chart: { ctx } }: Shown, legend: Legend): void {
  const { canvas } = ctx;
  const ratio = window.devicePixelRatio;
  const style = getComputedStyle(document.documentElement);
  const picture = document.createElement("canvas");
  picture.width = canvas.width;
  picture.height = canvas.height + (TITLE + legend.length * LINE + 8) * ratio;
  const context = picture.getContext("2d");
  if (!context) return;
  context.fillStyle = style.getPropertyValue("--surface");
  context.fillRect(0, 0, picture.width, picture.height);
  context.drawImage(canvas, 0, TITLE * ratio);
  context.scale(ratio, ratio);
  context.fillStyle = style.getPropertyValue("--text");
  context.font = "600 14px Inter Variable, system-ui, sans-serif";
  context.fillText(metric, 12, 22);
  context.font = "12px Inter Variable, system-ui, sans-serif";
  legend.forEach(({ name, color }, at) => {
    const y = TITLE + canvas.height / ratio + 12 + at * LINE;
    context.fillStyle = color;
    context.fillRect(14, y - 8, 9, 9);
    context.fillStyle = style.getPropertyValue("--text-2");
    context.fillText(name, 30, y);
  });
  const link = Object.assign(document.createElement("a"), { download: fileName(metric, "png") });
  link.href = picture.toDataURL("image/png");
  link.click();
}
