/** The target over two params at once: colours between the runs, and lines of equal value. */
import { useCallback, useMemo } from "react";
import { Card } from "@/components/Card.tsx";
import { Choice } from "@/components/Choice.tsx";
import { isoline, surfaceOf } from "@/lib/contour.ts";
import { plural } from "@/lib/format.ts";
import { sequential } from "@/lib/scales.ts";
import { useTheme } from "@/lib/theme.ts";
import { token } from "@/lib/token.ts";
import { type Field, Plane } from "./Plane.tsx";
import styles from "./Sweep.module.css";
import type { Sweep, SweepAxis } from "./useSweep.ts";

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
  const draw = useCallback(
    (context: CanvasRenderingContext2D, { width, height, at }: Field) => {
      if (!points.length) return;
      const color = (z: number) => sequential(smaller ? 1 - z : z, theme);
      const [cellWidth, cellHeight] = [width / COLUMNS, height / ROWS];
      surface.values.forEach((value, index) => {
        const [column, row] = [index % COLUMNS, Math.floor(index / COLUMNS)];
        context.fillStyle = color(value);
        context.fillRect(...at(column / COLUMNS, (row + 1) / ROWS), cellWidth + 0.6, cellHeight + 0.6);
      });
      context.strokeStyle = token("--bg");
      context.globalAlpha = 0.6;
      context.lineWidth = 1;
      for (let level = 1; level < LEVELS; level += 1) {
        context.beginPath();
        for (const [x1, y1, x2, y2] of isoline(surface, level / LEVELS)) {
          context.moveTo(...at(x1, y1));
          context.lineTo(...at(x2, y2));
        }
        context.stroke();
      }
      context.globalAlpha = 1;
      for (const point of points) {
        context.beginPath();
        context.arc(...at(point.x, point.y), points.length > 300 ? 2 : 3.5, 0, 2 * Math.PI);
        context.fillStyle = color(point.z);
        context.fill();
        context.stroke();
      }
    },
    [surface, points, smaller, theme],
  );
  return (
    <Plane
      x={x}
      y={y}
      label={`${target.title} over ${x.title} and ${y.title}, ${plural(points.length, "run")}`}
      draw={draw}
      style={{ cursor: "default" }}
    />
  );
}
