import { sequential } from "@/lib/scales.ts";
import type { SweepAxis } from "./useSweep.ts";

interface Drawing {
  width: number;
  height: number;
  axes: readonly SweepAxis[];
  lefts: readonly number[];
  down: (place: number | null) => number;
  rows: readonly number[];
  hovered: number | null;
  theme: "light" | "dark";
  smaller: boolean;
}

const COLORS = 32; // lines are drawn in so many batches
const MANY = 300; // lines; more are a pixel wide at most, which takes a third of the time without a graphics card

/** Draws the rows, the better ones last and so on top, each in the colour of its result. */
export function drawLines(canvas: HTMLCanvasElement, drawing: Drawing): void {
  const { width, height, axes, lefts, down, rows, hovered, theme, smaller } = drawing;
  const context = canvas.getContext("2d");
  const target = axes.at(-1);
  const ratio = window.devicePixelRatio;
  canvas.width = width * ratio;
  canvas.height = height * ratio;
  if (!context || !target) return;
  context.scale(ratio, ratio);
  context.lineJoin = "round";
  const batches: number[][] = Array.from({ length: COLORS }, () => []);
  for (const row of rows) {
    const place = target.plain.place(target.values[row] ?? null) ?? 0;
    batches[Math.min(COLORS - 1, Math.floor((smaller ? 1 - place : place) * COLORS))]?.push(row);
  }
  const line = (row: number) =>
    axes.forEach(({ axis, values }, at) => {
      const y = down(axis.place(values[row] ?? null));
      if (at) context.lineTo(lefts[at] as number, y);
      else context.moveTo(lefts[at] as number, y);
    });
  context.lineWidth = rows.length > MANY ? (rows.length > 1000 ? 0.7 : 1) / ratio : 1.2;
  context.globalAlpha = (rows.length > MANY ? 0.45 : 0.8) * (hovered === null ? 1 : 0.35);
  batches.forEach((batch, color) => {
    context.strokeStyle = sequential(color / (COLORS - 1), theme);
    context.beginPath();
    batch.forEach(line);
    context.stroke();
  });
  if (hovered === null) return;
  context.globalAlpha = 1;
  context.lineWidth = 2.5;
  const place = target.plain.place(target.values[hovered] ?? null) ?? 0;
  context.strokeStyle = sequential(smaller ? 1 - place : place, theme);
  context.beginPath();
  line(hovered);
  context.stroke();
}
