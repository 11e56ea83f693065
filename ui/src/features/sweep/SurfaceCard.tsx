/** The target over two params at once: colours between the runs, and lines of equal value. */
import { useEffect, useMemo, useRef } from "react";
import { Card } from "@/components/Card.tsx";
import { Choice } from "@/components/Choice.tsx";
import { isoline, surfaceOf } from "@/lib/contour.ts";
import { sequential } from "@/lib/scales.ts";
import { useTheme } from "@/lib/theme.ts";
import { useElementWidth } from "@/lib/useElementWidth.ts";
import styles from "./Sweep.module.css";
import type { Sweep, SweepAxis } from "./useSweep.ts";

const HEIGHT = 240;
const MARGIN = { left: 56, right: 16, top: 10, bottom: 26 };
const [COLUMNS, ROWS] = [56, 36];
const LEVELS = 8;
const MOST = 2000; // runs that the surface is laid through
const FEWEST = 4;

export function SurfaceCard({ sweep }: { sweep: Sweep }) {
  const params = sweep.axes.slice(0, -1).filter(({ axis }) => axis.kind === "number");
  const x = params.find(({ id }) => id === sweep.search.sx) ?? params[0];
  const others = params.filter((one) => one !== x);
  const y = others.find(({ id }) => id === sweep.search.cy) ?? others[0];
  const target = sweep.axes.at(-1);
  if (!x || !y || !target || sweep.rows.length < FEWEST) return null;
  return (
    <Card
      title="Target over two params"
      aside={
        <div className={styles.two}>
          <Choice
            label="Across"
            place="hidden"
            value={x.id}
            options={named(params)}
            onChange={(sx) => sweep.change({ sx })}
          />
          <Choice
            label="Upwards"
            place="hidden"
            value={y.id}
            options={named(others)}
            onChange={(cy) => sweep.change({ cy })}
          />
        </div>
      }
    >
      <Plot sweep={sweep} x={x} y={y} target={target} />
    </Card>
  );
}

const named = (axes: readonly SweepAxis[]) => axes.map(({ id, title }) => [id, title] as const);

interface PlotProps {
  sweep: Sweep;
  x: SweepAxis;
  y: SweepAxis;
  target: SweepAxis;
}

function Plot({ sweep, x, y, target }: PlotProps) {
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const width = useElementWidth(box);
  const theme = useTheme();
  const { rows, smaller } = sweep;
  const points = useMemo(
    () =>
      rows.slice(0, MOST).flatMap((row) => {
        const place = (axis: SweepAxis) => axis.axis.place(axis.values[row] ?? null);
        const [px, py, z] = [place(x), place(y), target.plain.place(target.values[row] ?? null)];
        return px === null || py === null || z === null ? [] : [{ x: px, y: py, z }];
      }),
    [rows, x, y, target],
  );
  const surface = useMemo(() => surfaceOf(points, COLUMNS, ROWS), [points]);
  const inner = {
    width: Math.max(width - MARGIN.left - MARGIN.right, 10),
    height: HEIGHT - MARGIN.top - MARGIN.bottom,
  };
  useEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (!canvas.current || !context || !width || !points.length) return;
    const ratio = window.devicePixelRatio;
    canvas.current.width = width * ratio;
    canvas.current.height = HEIGHT * ratio;
    context.scale(ratio, ratio);
    const [w, h] = [inner.width, inner.height];
    const at = (px: number, py: number): [number, number] => [
      MARGIN.left + px * w,
      MARGIN.top + (1 - py) * h,
    ];
    const [cellWidth, cellHeight] = [w / COLUMNS, h / ROWS];
    surface.values.forEach((value, index) => {
      const [column, row] = [index % COLUMNS, Math.floor(index / COLUMNS)];
      context.fillStyle = sequential(smaller ? 1 - value : value, theme);
      const top = MARGIN.top + (ROWS - 1 - row) * cellHeight;
      context.fillRect(MARGIN.left + column * cellWidth, top, cellWidth + 0.6, cellHeight + 0.6);
    });
    context.strokeStyle = theme === "dark" ? "#0008" : "#fff9";
    context.lineWidth = 1;
    for (let level = 1; level < LEVELS; level += 1) {
      context.beginPath();
      for (const [x1, y1, x2, y2] of isoline(surface, level / LEVELS)) {
        context.moveTo(...at(x1, y1));
        context.lineTo(...at(x2, y2));
      }
      context.stroke();
    }
    context.strokeStyle = theme === "dark" ? "#0d1117" : "#fff";
    for (const point of points) {
      context.beginPath();
      context.arc(...at(point.x, point.y), points.length > 300 ? 2 : 3.5, 0, 2 * Math.PI);
      context.fillStyle = sequential(smaller ? 1 - point.z : point.z, theme);
      context.fill();
      context.stroke();
    }
  }, [surface, points, smaller, theme, width, inner.width, inner.height]);
  return (
    <div
      ref={box}
      className={styles.scatter}
      style={{ height: HEIGHT, cursor: "default" }}
      role="img"
      aria-label={`${target.title} over ${x.title} and ${y.title}, ${points.length} runs`}
    >
      <canvas ref={canvas} style={{ width, height: HEIGHT }} />
      {y.axis.ticks.map(({ at, text }) => (
        <span key={at} className={styles.tickY} style={{ top: MARGIN.top + (1 - at) * inner.height }}>
          {text}
        </span>
      ))}
      {x.axis.ticks.map(({ at, text }) => (
        <span key={at} className={styles.tickX} style={{ left: MARGIN.left + at * inner.width }}>
          {text}
        </span>
      ))}
    </div>
  );
}
