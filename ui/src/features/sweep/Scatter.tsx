import { useNavigate } from "@tanstack/react-router";
import { type PointerEvent, useEffect, useRef } from "react";
import { Card } from "@/components/Card.tsx";
import { Choice } from "@/components/Choice.tsx";
import { sequential } from "@/lib/scales.ts";
import { useTheme } from "@/lib/theme.ts";
import { useElementWidth } from "@/lib/useElementWidth.ts";
import styles from "./Sweep.module.css";
import { type Sweep, type SweepAxis, told } from "./useSweep.ts";

const HEIGHT = 240;
const MARGIN = { left: 56, right: 16, top: 10, bottom: 26 };
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
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const width = useElementWidth(box);
  const theme = useTheme();
  const navigate = useNavigate();
  const { rows, smaller, matrix } = sweep;
  const inner = {
    width: Math.max(width - MARGIN.left - MARGIN.right, 10),
    height: HEIGHT - MARGIN.top - MARGIN.bottom,
  };
  const at = (row: number): [number, number] | null => {
    const [px, py] = [x.axis.place(x.values[row] ?? null), y.axis.place(y.values[row] ?? null)];
    return px === null || py === null
      ? null
      : [MARGIN.left + px * inner.width, MARGIN.top + (1 - py) * inner.height];
  };
  useEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (!canvas.current || !context || !width) return;
    const ratio = window.devicePixelRatio;
    canvas.current.width = width * ratio;
    canvas.current.height = HEIGHT * ratio;
    context.scale(ratio, ratio);
    for (const row of hovered === null ? rows : [...rows, hovered]) {
      const point = at(row);
      if (!point) continue;
      const place = y.plain.place(y.values[row] ?? null) ?? 0;
      context.beginPath();
      context.arc(...point, row === hovered ? 6 : rows.length > 500 ? 2.5 : 4, 0, 2 * Math.PI);
      context.fillStyle = sequential(smaller ? 1 - place : place, theme);
      context.globalAlpha = row === hovered || rows.length < 300 ? 1 : 0.6;
      context.fill();
    }
  });
  const nearest = (event: PointerEvent<HTMLElement>): number | null => {
    const { left, top } = event.currentTarget.getBoundingClientRect();
    let [best, distance] = [null as number | null, NEAR];
    for (const row of rows) {
      const point = at(row);
      const away = point
        ? Math.hypot(point[0] - event.clientX + left, point[1] - event.clientY + top)
        : Infinity;
      if (away < distance) [best, distance] = [row, away];
    }
    return best;
  };
  const name = hovered === null ? "" : (matrix?.names[hovered] ?? "");
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: by keyboard runs are opened from the table and from "Best so far"
    <div
      ref={box}
      className={styles.scatter}
      style={{ height: HEIGHT }}
      onPointerMove={(event) => onHover(nearest(event))}
      onPointerLeave={() => onHover(null)}
      onClick={() => {
        const id = hovered === null ? undefined : matrix?.ids[hovered];
        if (id) void navigate({ to: "/runs/$runId", params: { runId: id }, search: {} });
      }}
      role="img"
      aria-label={`${y.title} by ${x.title}, ${rows.length} runs`}
    >
      <canvas ref={canvas} style={{ width, height: HEIGHT }} />
      {y.axis.ticks.map(({ at: part, text }) => (
        <span key={part} className={styles.tickY} style={{ top: MARGIN.top + (1 - part) * inner.height }}>
          {text}
        </span>
      ))}
      {x.axis.ticks.map(({ at: part, text }) => (
        <span key={part} className={styles.tickX} style={{ left: MARGIN.left + part * inner.width }}>
          {text}
        </span>
      ))}
      {hovered !== null && (
        <p className={styles.tip}>
          <b>{name}</b> {told(x, hovered)} → {told(y, hovered)}
        </p>
      )}
    </div>
  );
}
