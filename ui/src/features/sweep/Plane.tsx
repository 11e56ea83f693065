import { type ComponentProps, type ReactNode, useEffect, useMemo, useRef } from "react";
import { useElementWidth } from "@/lib/useElementWidth.ts";
import styles from "./Sweep.module.css";
import type { SweepAxis } from "./useSweep.ts";

const HEIGHT = 240;
const MARGIN = { left: 56, right: 16, top: 10, bottom: 26 };

/** The part of a plane that is between its axes, in pixels. */
export interface Field {
  width: number;
  height: number;
  /** Where places on the axes, from 0 to 1, are on the plane. */
  at: (x: number, y: number) => [number, number];
}

function fieldOf(outer: number): Field {
  const width = Math.max(outer - MARGIN.left - MARGIN.right, 10);
  const height = HEIGHT - MARGIN.top - MARGIN.bottom;
  return { width, height, at: (x, y) => [MARGIN.left + x * width, MARGIN.top + (1 - y) * height] };
}

type Draw = (context: CanvasRenderingContext2D, field: Field) => void;

interface PlaneProps extends ComponentProps<"div"> {
  x: SweepAxis;
  y: SweepAxis;
  /** What the picture shows, in words. */
  label: string;
  /** Draws on the plane; done anew when it is another function. */
  draw: Draw;
  /** Draws what stands out, over all others, which step back. */
  drawOver?: Draw | null;
  /** Told of the field, whenever it has another size. */
  field?: { current: Field | null };
  children?: ReactNode;
}

/** A picture over two axes. */
export function Plane({ x, y, label, draw, drawOver, field: known, ...rest }: PlaneProps) {
  const { children, style, ...others } = rest;
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const over = useRef<HTMLCanvasElement>(null);
  const width = useElementWidth(box);
  const field = useMemo(() => fieldOf(width), [width]);
  useEffect(() => {
    if (known) known.current = field;
  }, [known, field]);
  useEffect(() => {
    if (width) drawOn(canvas.current, field, width, draw);
  }, [draw, field, width]);
  useEffect(() => {
    if (width) drawOn(over.current, field, width, drawOver);
  }, [drawOver, field, width]);
  return (
    <div
      ref={box}
      className={styles.scatter}
      style={{ height: HEIGHT, ...style }}
      role="img"
      aria-label={label}
      {...others}
    >
      <canvas ref={canvas} data-faint={Boolean(drawOver)} style={{ width, height: HEIGHT }} />
      <canvas ref={over} className={styles.over} style={{ width, height: HEIGHT }} />
      {y.axis.ticks.map(({ at, text }) => (
        <span key={at} className={styles.tickY} style={{ top: field.at(0, at)[1] }}>
          {text}
        </span>
      ))}
      {x.axis.ticks.map(({ at, text }) => (
        <span key={at} className={styles.tickX} style={{ left: field.at(at, 0)[0] }}>
          {text}
        </span>
      ))}
      {children}
    </div>
  );
}

function drawOn(canvas: HTMLCanvasElement | null, field: Field, width: number, draw?: Draw | null): void {
  const context = canvas?.getContext("2d");
  if (!canvas || !context) return;
  const ratio = window.devicePixelRatio;
  canvas.width = width * ratio;
  canvas.height = HEIGHT * ratio;
  context.scale(ratio, ratio);
  draw?.(context, field);
}
