import { sequential } from "@/lib/scales.ts";
import type { SweepAxis } from "./useSweep.ts";

interface Drawing {
  width: number;
  height: number;
  axes: readonly SweepAxis[];
  lefts: readonly number[];
  down: (place: number | null) => number;
  rows: readonly number[];
  theme: "light" | "dark";
  smaller: boolean;
}

type Frame = Omit<Drawing, "rows">;

const COLORS = 32; // lines are drawn in so many batches
const MANY = 300; // lines; more are a pixel wide at most, which takes a third of the time without a graphics card

/** Draws the rows, the better ones last and so on top, each in the colour of its result. */
export function drawLines(canvas: HTMLCanvasElement, drawing: Drawing): void {
  const { rows, theme } = drawing;
  const context = cleared(canvas, drawing);
  if (!context) return;
  const batches: number[][] = Array.from({ length: COLORS }, () => []);
  for (const row of rows)
    batches[Math.min(COLORS - 1, Math.floor(goodness(drawing, row) * COLORS))]?.push(row);
  context.lineWidth = rows.length > MANY ? (rows.length > 1000 ? 0.7 : 1) / window.devicePixelRatio : 1.2;
  context.globalAlpha = rows.length > MANY ? 0.45 : 0.8;
  batches.forEach((batch, color) => {
    context.strokeStyle = sequential(color / (COLORS - 1), theme);
    context.beginPath();
    for (const row of batch) line(context, drawing, row);
    context.stroke();
  });
}

/** Draws one row, on a canvas over the others; none where it is null. */
export function drawOne(canvas: HTMLCanvasElement, drawing: Frame, row: number | null): void {
  const context = cleared(canvas, drawing);
  if (!context || row === null) return;
  context.lineWidth = 2.5;
  context.strokeStyle = sequential(goodness(drawing, row), drawing.theme);
  context.beginPath();
  line(context, drawing, row);
  context.stroke();
}

function cleared(canvas: HTMLCanvasElement, { width, height }: Frame): CanvasRenderingContext2D | null {
  const context = canvas.getContext("2d");
  const ratio = window.devicePixelRatio;
  canvas.width = width * ratio;
  canvas.height = height * ratio;
  context?.scale(ratio, ratio);
  if (context) context.lineJoin = "round";
  return context;
}

/** From 0, the worst result, to 1. */
function goodness({ axes, smaller }: Frame, row: number): number {
  const target = axes.at(-1);
  const place = target?.plain.place(target.values[row] ?? null) ?? 0;
  return smaller ? 1 - place : place;
}

function line(context: CanvasRenderingContext2D, { axes, lefts, down }: Frame, row: number): void {
  axes.forEach(({ axis, values }, at) => {
    const y = down(axis.place(values[row] ?? null));
    if (at) context.lineTo(lefts[at] as number, y);
    else context.moveTo(lefts[at] as number, y);
  });
}
