import { useQuery } from "@tanstack/react-query";
import { importanceOf } from "@/api/sweeps.ts";
import { Card } from "@/components/Card.tsx";
import { columnName } from "@/lib/columns.ts";
import { plural } from "@/lib/format.ts";
import styles from "./Sweep.module.css";
import type { Sweep } from "./useSweep.ts";

/** What each param tells about the target; pressing one puts it on the scatter. */
export function ImportanceBars({ sweep }: { sweep: Sweep }) {
  const { axes, matrix } = sweep;
  const target = axes.at(-1)?.axis;
  const known =
    matrix && target ? (axes.at(-1)?.values ?? []).filter((value) => target.place(value) !== null).length : 0;
  const { data, error } = useQuery(importanceOf(sweep.query, sweep.target, sweep.params.slice(0, 60)));
  return (
    <Card title="Which params matter" count={data?.length}>
      {error && <p className={styles.note}>{error.message}</p>}
      {data?.length === 0 && (
        <p className={styles.note}>At least three runs that differ in a param are needed.</p>
      )}
      <ul className={styles.bars}>
        {data?.map(({ column, kind, score, sign, runs }) => (
          <li key={column}>
            <button
              type="button"
              aria-pressed={sweep.search.sx === column}
              title={`${kind === "number" ? "Rank correlation" : "Correlation ratio"} over ${plural(runs, "run")}`}
              onClick={() => sweep.change({ sx: column })}
            >
              <span className="cut">{columnName(column)}</span>
              <i style={{ width: `${score * 100}%` }} />
              <b className="num">
                {kind === "number" && (sign > 0 ? "+" : sign < 0 ? "−" : "")}
                {score.toFixed(2)}
              </b>
              {runs < known && <small>{plural(known - runs, "run")} without it</small>}
            </button>
          </li>
        ))}
      </ul>
      {data && data.length > 0 && (
        <p className={styles.note}>
          Numbers by rank correlation with its sign, words by how much of the variance they explain.
        </p>
      )}
    </Card>
  );
}
