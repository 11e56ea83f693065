import { useRef } from "react";
import { useElementWidth } from "@/lib/useElementWidth.ts";
import styles from "./BoxPlot.module.css";
import type { Box } from "./boxes.ts";
import { type BoxRow, drawnBoxes, LABEL } from "./boxShapes.ts";

/** Boxes one below the other over a common axis: how a metric is spread where a param has each value. */
export function BoxPlot({ label, boxes }: { label: string; boxes: readonly Box[] }) {
  const frame = useRef<HTMLDivElement>(null);
  const width = useElementWidth(frame);
  const { height, bottom, ticks, rows } = drawnBoxes(boxes, width);
  return (
    <div ref={frame} className={styles.plot}>
      <svg width={width} height={height} role="img" aria-label={label}>
        {ticks.map(({ at, text }) => (
          <g key={at}>
            <line className={styles.grid} x1={at} x2={at} y1={0} y2={bottom} />
            <text x={at} y={height - 7} textAnchor="middle">
              {text}
            </text>
          </g>
        ))}
        {rows.map((row) => (
          <Row key={row.name} {...row} />
        ))}
      </svg>
    </div>
  );
}

function Row({ y, name, told, low, q1, median, q3, high, outliers }: BoxRow) {
  return (
    <g className={styles.row}>
      <title>{told}</title>
      <text x={LABEL} y={y + 4} textAnchor="end">
        {name.length > 16 ? `${name.slice(0, 15)}…` : name}
      </text>
      <line x1={low} x2={high} y1={y} y2={y} />
      {[low, high].map((end, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the two ends
        <line key={at} x1={end} x2={end} y1={y - 5} y2={y + 5} />
      ))}
      <rect x={q1} y={y - 9} width={Math.max(2, q3 - q1)} height={18} rx={3} />
      <line className={styles.median} x1={median} x2={median} y1={y - 9} y2={y + 9} />
      {outliers.map((at, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: equal values are several points
        <circle key={index} cx={at} cy={y} r={2.5} />
      ))}
    </g>
  );
}
