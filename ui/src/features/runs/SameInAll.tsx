import { useQuery } from "@tanstack/react-query";
import { columnsOf } from "@/api/experiments.ts";
import type { Run } from "@/api/runs.ts";
import styles from "./RunsPage.module.css";
import type { RunsView } from "./useRunsView.ts";

const MOST = 4; // params that are named

/** Params that are equal in all runs of the experiment, so that no column is spent on them. */
export function SameInAll({ view, run, total }: { view: RunsView; run: Run | undefined; total: number }) {
  const known = useQuery(columnsOf(view.experimentIds)).data ?? [];
  if (!run || view.flat.view !== "ACTIVE_ONLY" || view.flat.filter || total < 2) return null;
  const same = known.filter(
    ({ kind, key, distinct, runs }) =>
      kind === "param" && distinct === 1 && runs === total && Object.hasOwn(run.params, key),
  );
  if (!same.length) return null;
  const named = same.slice(0, MOST).map(({ key }) => `${key} = ${run.params[key]}`);
  const more = same.length > MOST ? ` and ${same.length - MOST} more` : "";
  const text = `Same in all: ${named.join(", ")}${more}`;
  return (
    <span className={styles.same} title={text}>
      {text}
    </span>
  );
}
