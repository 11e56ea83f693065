import { useNavigate } from "@tanstack/react-router";
import { type PointerEvent, useCallback, useMemo, useRef } from "react";
import { Card } from "@/components/Card.tsx";
import { Choice } from "@/components/Choice.tsx";
import { plural } from "@/lib/format.ts";
import { sequential } from "@/lib/scales.ts";
import { useTheme } from "@/lib/theme.ts";
import { type Field, Plane } from "./Plane.tsx";
import styles from "./Sweep.module.css";
import { type Sweep, type SweepAxis, told } from "./useSweep.ts";

const NEAR = 14; // pixels within which a run is under the cursor

interface ScatterProps {
  sweep: Sweep;
  hovered: number | null;
  onHover: (row: number | null) => void;
}

/** The target over one param; a point a run. */
export function Scatter({ sweep, hovered, onHover }: ScatterProps) {
  const params = sweep.axes.slice(0, -1);
  const x = params.find(({ id }) => id === sweep.search.sx) ?? params[0];
  const y = sweep.axes.at(-1);
  return (
    <Card
      title="Target by param"
      aside={
        <Choice
          label="Param"
          place="hidden"
          value={x?.id ?? ""}
          options={params.map(({ id, title }) => [id, title])}
          onChange={(sx) => sweep.change({ sx })}
        />
      }
    >
      {x && y ? <Plot sweep={sweep} x={x} y={y} hovered={hovered} onHover={onHover} /> : null}
    </Card>
  );
}

function Plot({ sweep, x, y, hovered, onHover }: ScatterProps & { x: SweepAxis; y: SweepAxis }) {
  const field = useRef<Field | null>(null);
  const theme = useTheme();
  const navigate = useNavigate();
  const { rows, smaller, matrix } = sweep;
  const dot = useCallback(
    (context: CanvasRenderingContext2D, { at }: Field, row: number, radius: number) => {
      const place = placeOf(x, y, row);
      if (!place) return;
      const good = y.plain.place(y.values[row] ?? null) ?? 0;
      context.beginPath();
      context.arc(...at(...place), radius, 0, 2 * Math.PI);
      context.fillStyle = sequential(smaller ? 1 - good : good, theme);
      context.fill();
    },
    [x, y, smaller, theme],
  );
  const draw = useCallback(
    (context: CanvasRenderingContext2D, plane: Field) => {
      context.globalAlpha = rows.length < 300 ? 1 : 0.6;
      for (const row of rows) dot(context, plane, row, rows.length > 500 ? 2.5 : 4);
    },
    [rows, dot],
  );
  const drawOver = useMemo(
    () =>
      hovered === null
        ? null
        : (context: CanvasRenderingContext2D, plane: Field) => dot(context, plane, hovered, 6),
    [hovered, dot],
  );
  const nearest = (event: PointerEvent<HTMLElement>): number | null => {
    const { left, top } = event.currentTarget.getBoundingClientRect();
    let [best, distance] = [null as number | null, NEAR];
    for (const row of rows) {
      const place = placeOf(x, y, row);
      if (!place || !field.current) continue;
      const [px, py] = field.current.at(...place);
      const away = Math.hypot(px - event.clientX + left, py - event.clientY + top);
      if (away < distance) [best, distance] = [row, away];
    }
    return best;
  };
  const name = hovered === null ? "" : (matrix?.names[hovered] ?? "");
  return (
    // by keyboard runs are opened from the table and from "Best so far"
    <Plane
      x={x}
      y={y}
      label={`${y.title} by ${x.title}, ${plural(rows.length, "run")}`}
      draw={draw}
      drawOver={drawOver}
      field={field}
      onPointerMove={(event) => onHover(nearest(event))}
      onPointerLeave={() => onHover(null)}
      onClick={() => {
        const id = hovered === null ? undefined : matrix?.ids[hovered];
        if (id) void navigate({ to: "/runs/$runId", params: { runId: id }, search: {} });
      }}
    >
      {hovered !== null && (
        <p className={styles.tip}>
          <b>{name}</b> {told(x, hovered)} → {told(y, hovered)}
        </p>
      )}
    </Plane>
  );
}

function placeOf(x: SweepAxis, y: SweepAxis, row: number): [number, number] | null {
  const [px, py] = [x.axis.place(x.values[row] ?? null), y.axis.place(y.values[row] ?? null)];
  return px === null || py === null ? null : [px, py];
}
