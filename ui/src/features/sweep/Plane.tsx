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

interface PlaneProps extends ComponentProps<"div"> {
  x: SweepAxis;
  y: SweepAxis;
  /** What the picture shows, in words. */
  label: string;
  /** Draws on the plane; done anew when it is another function. */
  draw: (context: CanvasRenderingContext2D, field: Field) => void;
  /** Told of the field, whenever it has another size. */
  field?: { current: Field | null };
  children?: ReactNode;
}

/** A picture over two axes. */
export function Plane({ x, y, label, draw, field: known, children, style, ...rest }: PlaneProps) {
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const width = useElementWidth(box);
  const field = useMemo(() => fieldOf(width), [width]);
  useEffect(() => {
    if (known) known.current = field;
  }, [known, field]);
  useEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (!canvas.current || !context || !width) return;
    const ratio = window.devicePixelRatio;
    canvas.current.width = width * ratio;
    canvas.current.height = HEIGHT * ratio;
    context.scale(ratio, ratio);
    draw(context, field);
  }, [draw, field, width]);
  return (
    <div
      ref={box}
      className={styles.scatter}
      style={{ height: HEIGHT, ...style }}
      role="img"
      aria-label={label}
      {...rest}
    >
      <canvas ref={canvas} style={{ width, height: HEIGHT }} />
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
