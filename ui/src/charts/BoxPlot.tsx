import { useRef } from "react";
import { formatNumber, plural } from "@/lib/format.ts";
import { useElementWidth } from "@/lib/useElementWidth.ts";
import styles from "./BoxPlot.module.css";
import type { Box } from "./boxes.ts";

const [ROW, LABEL, MARGIN, AXIS] = [34, 110, 24, 24];
const TICKS = 4;

/** Boxes one below the other over a common axis: how a metric is spread where a param has each value. */
export function BoxPlot({ label, boxes }: { label: string; boxes: readonly Box[] }) {
  const frame = useRef<HTMLDivElement>(null);
  const width = useElementWidth(frame);
  const ends = boxes.flatMap((box) => [box.low, box.high, ...box.outliers]);
  const [low, high] = [Math.min(...ends), Math.max(...ends)];
  const span = high - low || 1;
  const inner = Math.max(40, width - LABEL - 2 * MARGIN);
  const x = (value: number) => LABEL + MARGIN + (high === low ? 0.5 : (value - low) / span) * inner;
  const height = boxes.length * ROW + AXIS;
  const ticks =
    high === low ? [low] : Array.from({ length: TICKS }, (_, at) => low + (at / (TICKS - 1)) * span);
  return (
    <div ref={frame} className={styles.plot}>
      <svg width={width} height={height} role="img" aria-label={label}>
        {ticks.map((value) => (
          <g key={value}>
            <line className={styles.grid} x1={x(value)} x2={x(value)} y1={0} y2={height - AXIS} />
            <text x={x(value)} y={height - 7} textAnchor="middle">
              {formatNumber(value)}
            </text>
          </g>
        ))}
        {boxes.map((box, at) => (
          <Row key={box.name} box={box} x={x} y={at * ROW + ROW / 2} />
        ))}
      </svg>
    </div>
  );
}

function Row({ box, x, y }: { box: Box; x: (value: number) => number; y: number }) {
  const { name, n, low, q1, median, q3, high, outliers } = box;
  const told = `${name}: ${plural(n, "run")}, median ${formatNumber(median)}, half of them from ${formatNumber(q1)} to ${formatNumber(q3)}`;
  return (
    <g className={styles.row}>
      <title>{told}</title>
      <text x={LABEL} y={y + 4} textAnchor="end">
        {name.length > 16 ? `${name.slice(0, 15)}…` : name}
      </text>
      <line x1={x(low)} x2={x(high)} y1={y} y2={y} />
      {[low, high].map((end, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the two ends
        <line key={at} x1={x(end)} x2={x(end)} y1={y - 5} y2={y + 5} />
      ))}
      <rect x={x(q1)} y={y - 9} width={Math.max(2, x(q3) - x(q1))} height={18} rx={3} />
      <line className={styles.median} x1={x(median)} x2={x(median)} y1={y - 9} y2={y + 9} />
      {outliers.slice(0, 100).map((value, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: equal values are several points
        <circle key={at} cx={x(value)} cy={y} r={2.5} />
      ))}
    </g>
  );
}
