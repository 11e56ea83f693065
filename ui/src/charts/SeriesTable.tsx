import type { Series } from "@/api/metrics.ts";
import { More, useSome } from "@/components/More.tsx";
import { type Axis, axisTitle } from "@/lib/axes.ts";
import { formatCount, formatNumber } from "@/lib/format.ts";
import styles from "./Panel.module.css";
import { formatX, lineName } from "./plot.ts";
import type { ShownRun } from "./types.ts";

const SOME = 400; // rows; where no two runs share a place, there are as many as they have points together

interface SeriesTableProps {
  series: readonly Series[];
  runs: readonly ShownRun[];
  axis: Axis;
  height: number;
}

/** What the chart draws, as text: a row a bucket, a column a run. */
export function SeriesTable({ series, runs, axis, height }: SeriesTableProps) {
  const byId = new Map(runs.map((run) => [run.id, run]));
  const keys = new Set(series.map(({ key }) => key)).size;
  const drawn = series.filter((one) => one.x.length > 0);
  const places = [...new Set(drawn.flatMap((one) => one.x))].sort((a, b) => a - b);
  const [shown, more] = useSome(places, SOME);
  const values = drawn.map((one) => new Map(one.x.map((x, at) => [x, one.last[at] ?? null])));
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <div className={styles.table} style={{ height }} tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">{axisTitle(axis)}</th>
            {drawn.map((one) => (
              <th key={`${one.run_id} ${one.key}`} scope="col">
                {lineName(
                  byId.get(one.run_id) ?? { id: one.run_id, name: one.run_id, slot: -1 },
                  one.key,
                  keys,
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map((x) => (
            <tr key={x}>
              <td className="num">{axis === "step" ? formatCount(x) : formatX(axis, x)}</td>
              {values.map((column, at) => {
                const value = column.get(x);
                return (
                  <td key={`${drawn[at]?.run_id} ${drawn[at]?.key}`} className="num">
                    {value === null || value === undefined ? "–" : formatNumber(value)}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
      {more && (
        <More shown={shown.length} all={places.length} onMore={more} hint="saved as CSV it has all." />
      )}
    </div>
  );
}
