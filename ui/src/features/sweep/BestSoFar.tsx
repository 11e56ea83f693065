import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import { Card } from "@/components/Card.tsx";
import { formatAgo, formatNumber } from "@/lib/format.ts";
import { bestSoFar } from "@/lib/scales.ts";
import { useNow } from "@/lib/useNow.ts";
import styles from "./Sweep.module.css";
import type { Sweep } from "./useSweep.ts";

const SHOWN = 8;

/** The runs that were each the best when they started, the latest first. */
export function BestSoFar({ sweep }: { sweep: Sweep }) {
  const now = useNow();
  const { matrix, axes, rows, smaller } = sweep;
  const best = useMemo(() => {
    const values = axes.at(-1)?.values ?? [];
    const points = rows.flatMap((row) => {
      const value = values[row];
      return typeof value === "number" ? [{ time: matrix?.starts[row] ?? 0, value, row }] : [];
    });
    return (bestSoFar(points, smaller) as typeof points).reverse();
  }, [matrix, axes, rows, smaller]);
  const until = rows.reduce((latest, row) => Math.max(latest, matrix?.starts[row] ?? 0), 0);
  return (
    <Card title="Best so far" count={best.length}>
      {best.length > 1 && <Steps points={[...best].reverse()} until={until} />}
      <ol className={styles.best}>
        {best.slice(0, SHOWN).map(({ row, value, time }, at) => (
          <li key={matrix?.ids[row]} data-best={at === 0}>
            <b className="num">{formatNumber(value)}</b>
            <Link className="cut" to="/runs/$runId" params={{ runId: matrix?.ids[row] ?? "" }} search={{}}>
              {matrix?.names[row]}
            </Link>
            <small>{formatAgo(time, now)}</small>
          </li>
        ))}
      </ol>
      {best.length > SHOWN && <p className={styles.note}>and {best.length - SHOWN} before</p>}
    </Card>
  );
}

const [WIDTH, HEIGHT, EDGE] = [300, 64, 4];

interface StepsProps {
  points: readonly { time: number; value: number }[];
  /** When the last run started. */
  until: number;
}

/** The best value over time; the figures stand below. */
function Steps({ points, until }: StepsProps) {
  const [first, last] = [points[0]?.time ?? 0, Math.max(until, points.at(-1)?.time ?? 0)];
  const values = points.map(({ value }) => value);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const x = (time: number) => EDGE + ((time - first) / (last - first || 1)) * (WIDTH - 2 * EDGE);
  const y = (value: number) => HEIGHT - EDGE - ((value - low) / (high - low || 1)) * (HEIGHT - 2 * EDGE);
  const path = points
    .map(({ time, value }, at) => `${at ? `H${x(time)}V` : `M${x(time)} `}${y(value)}`)
    .join("");
  return (
    <svg
      className={styles.steps}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <path
        d={`${path}H${x(last)}`}
        fill="none"
        stroke="var(--accent)"
        strokeWidth="1.5"
        vectorEffect="non-scaling-stroke"
      />
    </svg>
  );
}
