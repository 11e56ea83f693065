/** A panel as a file: its figures, or its picture. */

import type uPlot from "uplot";
import type { Series } from "@/api/metrics.ts";
import { toCsv } from "@/lib/csv.ts";
import { saveFile } from "@/lib/saveFile.ts";
import { token } from "@/lib/token.ts";
import type { Plot } from "./plot.ts";
import { type Ink, TITLE } from "./svgFrame.ts";
import { drawnBy, svgOf } from "./svgPanel.ts";
import type { ShownRun } from "./types.ts";

/** A chart on screen. */
export interface Shown {
  chart: uPlot;
  plot: Plot;
}

export const fileName = (metric: string, ending: string): string =>
  `${metric.replace(/\W+/g, "_")}.${ending}`;

export function saveCsv(metric: string, series: readonly Series[], runs: readonly ShownRun[]): void {
  const names = new Map(runs.map((run) => [run.id, run.name]));
  const rows = series.flatMap((one) =>
    one.x.map((x, at) => [
      one.run_id,
      names.get(one.run_id) ?? "",
      one.key,
      x,
      one.last[at] ?? null,
      one.min[at] ?? null,
      one.max[at] ?? null,
    ]),
  );
  saveFile(
    fileName(metric, "csv"),
    toCsv([["run_id", "name", "metric", "x", "last", "min", "max"], ...rows]),
  );
}

const legendOf = ({ lines }: Plot) =>
  lines.flatMap((line) => (line ? [{ name: line.name, color: line.style.color }] : []));

/** The chart in lines and words. */
export function saveSvg(metric: string, { chart, plot }: Shown): void {
  saveSvgText(metric, svgOf(metric, plot, drawnBy(chart), legendOf(plot), inkNow()));
}

export const saveSvgText = (title: string, text: string): void =>
  saveFile(fileName(title, "svg"), text, "image/svg+xml");

/** The colours of the theme on screen. */
export const inkNow = (): Ink & { accent: string } => ({
  ground: token("--surface"),
  text: token("--text"),
  quiet: token("--text-2"),
  grid: token("--grid"),
  accent: token("--accent"),
});

const LINE = 18;

/** The drawn canvas on the page's ground, with the metric above and the runs' names below. */
export function savePng(metric: string, { chart: { ctx }, plot }: Shown): void {
  const legend = legendOf(plot);
  const { canvas } = ctx;
  const ratio = window.devicePixelRatio;
  const ink = inkNow();
  const picture = document.createElement("canvas");
  picture.width = canvas.width;
  picture.height = canvas.height + (TITLE + legend.length * LINE + 8) * ratio;
  const context = picture.getContext("2d");
  if (!context) return;
  context.fillStyle = ink.ground;
  context.fillRect(0, 0, picture.width, picture.height);
  context.drawImage(canvas, 0, TITLE * ratio);
  context.scale(ratio, ratio);
  context.fillStyle = ink.text;
  context.font = "600 14px Inter Variable, system-ui, sans-serif";
  context.fillText(metric, 12, 22);
  context.font = "12px Inter Variable, system-ui, sans-serif";
  legend.forEach(({ name, color }, at) => {
    const y = TITLE + canvas.height / ratio + 12 + at * LINE;
    context.fillStyle = color;
    context.fillRect(14, y - 8, 9, 9);
    context.fillStyle = ink.quiet;
    context.fillText(name, 30, y);
  });
  saveCanvas(metric, picture);
}

function saveCanvas(title: string, picture: HTMLCanvasElement): void {
  const link = Object.assign(document.createElement("a"), { download: fileName(title, "png") });
  link.href = picture.toDataURL("image/png");
  link.click();
}

/** An SVG file as a picture, as sharp as the screen. */
export async function saveSvgAsPng(title: string, text: string): Promise<void> {
  const url = URL.createObjectURL(new Blob([text], { type: "image/svg+xml" }));
  const image = Object.assign(new Image(), { src: url });
  await image.decode().finally(() => URL.revokeObjectURL(url));
  const picture = document.createElement("canvas");
  picture.width = image.naturalWidth * window.devicePixelRatio;
  picture.height = image.naturalHeight * window.devicePixelRatio;
  picture.getContext("2d")?.drawImage(image, 0, 0, picture.width, picture.height);
  saveCanvas(title, picture);
}
