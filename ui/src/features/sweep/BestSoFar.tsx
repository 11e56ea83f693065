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
  return (
    <Card title="Best so far" count={best.length}>
      <ol className={styles.best}>
        {best.slice(0, SHOWN).map(({ row, value, time }, at) => (
          <li key={matrix?.ids[row]} data-best={at === 0}>
            <b className="num">{formatNumber(value)}</b>
            <Link to="/runs/$runId" params={{ runId: matrix?.ids[row] ?? "" }} search={{}}>
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
