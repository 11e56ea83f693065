/** A line a run over an axis a param: which values go with which results. Drag along an axis to keep part of the runs. */
import { type PointerEvent, useEffect, useRef, useState } from "react";
import { IconButton } from "@/components/Button.tsx";
import { useTheme } from "@/lib/theme.ts";
import { useElementWidth } from "@/lib/useElementWidth.ts";
import { AxisMenu } from "./AxisMenu.tsx";
import { drawLines, MISSING } from "./drawLines.ts";
import styles from "./Sweep.module.css";
import type { Sweep } from "./useSweep.ts";

const HEIGHT = 300;
const TOP = 30;
const SIDE = 70;

export function ParallelAxes({ sweep, hovered }: { sweep: Sweep; hovered: number | null }) {
  const { axes, brushes, rows, smaller } = sweep;
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const width = useElementWidth(box);
  const theme = useTheme();
  const inner = Math.max(width - 2 * SIDE, 100);
  const left = (at: number) => SIDE + (axes.length < 2 ? inner / 2 : (at / (axes.length - 1)) * inner);
  useEffect(() => {
    if (!canvas.current || !width) return;
    const lefts = axes.map(
      (_, at) => SIDE + (axes.length < 2 ? inner / 2 : (at / (axes.length - 1)) * inner),
    );
    drawLines(canvas.current, {
      width,
      height: HEIGHT,
      top: TOP,
      axes,
      lefts,
      rows,
      hovered,
      theme,
      smaller,
    });
  }, [axes, rows, hovered, theme, smaller, width, inner]);
  const summary = `${rows.length} runs over ${axes.map(({ title }) => title).join(", ")}`;
  return (
    <div ref={box} className={styles.parallel} style={{ height: HEIGHT }}>
      <canvas ref={canvas} role="img" aria-label={summary} style={{ width, height: HEIGHT }} />
      {width > 0 &&
        axes.map(({ id, axis }, at) => (
          <AxisView
            key={id}
            sweep={sweep}
            at={at}
            ticks={axis.ticks}
            left={left(at)}
            brush={brushes.get(id) ?? null}
            onBrush={(range) => sweep.brush(id, range)}
          />
        ))}
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
        <span key={at} style={{ bottom: `${at * 100}%` }} title={text}>
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
