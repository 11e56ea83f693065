/** A line a run over an axis a param: which values go with which results. Drag along an axis to keep part of the runs. */
import { useNavigate } from "@tanstack/react-router";
import { type PointerEvent, useEffect, useMemo, useRef, useState } from "react";
import { IconButton } from "@/components/Button.tsx";
import { useTheme } from "@/lib/theme.ts";
import { useElementWidth } from "@/lib/useElementWidth.ts";
import { AxisMenu } from "./AxisMenu.tsx";
import { drawLines, drawOne } from "./drawLines.ts";
import { type Lines, nearestLine } from "./nearestLine.ts";
import styles from "./Sweep.module.css";
import { type Sweep, told } from "./useSweep.ts";

const HEIGHT = 300;
const TOP = 30;
const SIDE = 70;
const MISSING = 14; // pixels below an axis, the place of runs that have no value on it

const down = (place: number | null): number =>
  place === null ? HEIGHT - TOP + MISSING : TOP + (1 - place) * (HEIGHT - 2 * TOP);

interface ParallelAxesProps {
  sweep: Sweep;
  hovered: number | null;
  onHover: (row: number | null) => void;
}

export function ParallelAxes({ sweep, hovered, onHover }: ParallelAxesProps) {
  const { axes, brushes, rows, smaller, matrix } = sweep;
  const navigate = useNavigate();
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const over = useRef<HTMLCanvasElement>(null); // with the line under the pointer; the others are not drawn anew
  const width = useElementWidth(box);
  const theme = useTheme();
  const inner = Math.max(width - 2 * SIDE, 100);
  const lines = useMemo((): Lines & { axes: typeof axes } => {
    const left = (at: number) => SIDE + (axes.length < 2 ? inner / 2 : (at / (axes.length - 1)) * inner);
    return { axes, lefts: axes.map((_, at) => left(at)), down };
  }, [axes, inner]);
  useEffect(() => {
    if (!canvas.current || !width) return;
    drawLines(canvas.current, { ...lines, width, height: HEIGHT, rows, theme, smaller });
  }, [lines, rows, theme, smaller, width]);
  useEffect(() => {
    if (!over.current || !width) return;
    drawOne(over.current, { ...lines, width, height: HEIGHT, theme, smaller }, hovered);
  }, [lines, hovered, theme, smaller, width]);
  const near = (event: PointerEvent<HTMLElement>) => {
    const { left, top } = event.currentTarget.getBoundingClientRect();
    onHover(nearestLine(lines, rows, event.clientX - left, event.clientY - top));
  };
  const summary = `${rows.length} runs over ${axes.map(({ title }) => title).join(", ")}`;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: by keyboard runs are opened from the table below
    // biome-ignore lint/a11y/noStaticElementInteractions: as above
    <div
      ref={box}
      className={styles.parallel}
      style={{ height: HEIGHT }}
      data-hovered={hovered !== null}
      onPointerMove={near}
      onPointerLeave={() => onHover(null)}
      onClick={(event) => {
        const id = hovered === null ? undefined : matrix?.ids[hovered];
        if (id && event.target === canvas.current)
          void navigate({ to: "/runs/$runId", params: { runId: id }, search: {} });
      }}
    >
      <canvas
        ref={canvas}
        role="img"
        aria-label={summary}
        data-faint={hovered !== null}
        style={{ width, height: HEIGHT }}
      />
      <canvas ref={over} className={styles.over} style={{ width, height: HEIGHT }} />
      {width > 0 &&
        axes.map(({ id, axis }, at) => (
          <AxisView
            key={id}
            sweep={sweep}
            at={at}
            ticks={axis.ticks}
            left={lines.lefts[at] ?? 0}
            brush={brushes.get(id) ?? null}
            onBrush={(range) => sweep.brush(id, range)}
          />
        ))}
      {hovered !== null && (
        <p className={styles.tip}>
          <b>{matrix?.names[hovered]}</b>{" "}
          {axes.map((axis) => `${axis.title} ${told(axis, hovered)}`).join(", ")}
        </p>
      )}
    </div>
  );
}

interface AxisViewProps {
  sweep: Sweep;
  at: number;
  ticks: { at: number; text: string }[];
  left: number;
  brush: [number, number] | null;
  onBrush: (range: [number, number] | null) => void;
}

const LENGTH = HEIGHT - 2 * TOP;

function AxisView({ sweep, at: index, ticks, left, brush, onBrush }: AxisViewProps) {
  const title = sweep.axes[index]?.title ?? "";
  const lacking = sweep.rows.some((row) => (sweep.axes[index]?.values[row] ?? null) === null);
  const [drag, setDrag] = useState<[number, number] | null>(null);
  const shown = drag ? ([Math.min(...drag), Math.max(...drag)] as [number, number]) : brush;
  const place = (event: PointerEvent<HTMLElement>) => {
    const { top, height } = event.currentTarget.getBoundingClientRect();
    return Math.min(1, Math.max(0, 1 - (event.clientY - top) / height));
  };
  return (
    <div className={styles.axis} style={{ left, top: TOP, height: LENGTH }}>
      <AxisMenu sweep={sweep} at={index} />
      <div
        className={styles.track}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          setDrag([place(event), place(event)]);
        }}
        onPointerMove={(event) => drag && setDrag([drag[0], place(event)])}
        onPointerUp={() => {
          if (shown && drag) onBrush(shown[1] - shown[0] > 0.01 ? shown : null);
          setDrag(null);
        }}
      />
      {shown && (
        <i
          className={styles.brush}
          style={{ bottom: `${shown[0] * 100}%`, height: `${(shown[1] - shown[0]) * 100}%` }}
        />
      )}
      {ticks.map(({ at, text }) => (
        <span key={at} className="cut" style={{ bottom: `${at * 100}%` }} title={text}>
          {text}
        </span>
      ))}
      {lacking && (
        <span style={{ bottom: -MISSING }} title="Runs without it">
          –
        </span>
      )}
      {brush && (
        <em>
          <IconButton icon="close" label={`Clear the range of ${title}`} onClick={() => onBrush(null)} />
        </em>
      )}
    </div>
  );
}
