/** Lines that stand out, on a canvas of their own over a veil: uPlot would draw all others anew. */
import { type RefObject, useEffect, useRef } from "react";
import type uPlot from "uplot";
import { isTold } from "@/lib/colors.ts";
import { useEmphasis } from "@/lib/emphasis.ts";
import { pieces } from "@/lib/series.ts";
import { token } from "@/lib/token.ts";
import styles from "./Chart.module.css";
import { emphasised } from "./emphasised.ts";
import { drawLabels, LEAST_ROOM, labelRoom } from "./endLabels.ts";
import type { Plot } from "./plot.ts";

const WIDTH = 2.5;
const VEIL = 0.65; // the other lines keep 35 % of their colour

interface HighlightProps {
  chart: RefObject<uPlot | null>;
  plot: Plot;
  /** The line under the chart's own cursor, by its place among uPlot's series. */
  own: number | undefined;
  width: number;
  height: number;
  /** Called when uPlot has drawn, which may have moved the lines. */
  redraw: RefObject<() => void>;
}

export function Highlight({ chart, plot, own, width, height, redraw }: HighlightProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const emphasis = useEmphasis();
  const joined = (own === undefined ? emphasised(plot.lines, emphasis) : [own]).join();
  useEffect(() => {
    const draw = () => {
      const context = canvas.current?.getContext("2d");
      if (!context || !canvas.current) return;
      canvas.current.width = width * window.devicePixelRatio;
      canvas.current.height = height * window.devicePixelRatio;
      if (chart.current && joined)
        drawOver(context, chart.current, plot, joined.split(",").map(Number), width);
    };
    draw();
    redraw.current = draw;
  }, [chart, plot, joined, width, height, redraw]);
  return <canvas ref={canvas} data-over={joined} className={styles.highlight} style={{ width, height }} />;
}

function drawOver(
  context: CanvasRenderingContext2D,
  chart: uPlot,
  plot: Plot,
  bold: readonly number[],
  wide: number,
): void {
  const ratio = window.devicePixelRatio;
  const { left, top, width, height } = chart.bbox;
  if (bold.length < plot.lines.filter((line) => line !== null).length) {
    context.globalAlpha = VEIL;
    context.fillStyle = token("--surface");
    context.fillRect(left, 0, context.canvas.width - left, top + height);
    context.globalAlpha = 1;
    if (labelRoom(plot, wide) > LEAST_ROOM) drawLabels(chart, plot, { context, bold });
  }
  context.beginPath();
  context.rect(left, top, width, height);
  context.clip();
  context.lineJoin = "round";
  context.lineWidth = WIDTH * ratio;
  for (const at of bold) {
    const line = plot.lines[at];
    if (!line) continue;
    context.strokeStyle = isTold(line.run.slot) ? line.style.color : token("--text");
    context.setLineDash(line.style.dash.map((length) => length * ratio));
    context.beginPath();
    const values = plot.data[at] ?? [];
    for (const piece of pieces(values)) {
      for (const [nth, index] of piece.entries()) {
        const x = chart.valToPos(plot.data[0][index] as number, "x", true);
        const y = chart.valToPos(values[index] as number, "y", true);
        if (nth) context.lineTo(x, y);
        else context.moveTo(x, y);
      }
    }
    context.stroke();
  }
}
