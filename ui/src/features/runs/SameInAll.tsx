import { useQuery } from "@tanstack/react-query";
import { columnsOf } from "@/api/experiments.ts";
import type { RunRow } from "@/api/runRows.ts";
import { columnTitle } from "@/lib/columns.ts";
import { said } from "./cells.ts";
import { equalColumns } from "./defaultColumns.ts";
import styles from "./RunsPage.module.css";
import type { RunsView } from "./useRunsView.ts";

/** Params that are equal in all runs of the experiment, so that no column is spent on them. */
export function SameInAll({ view, run, total }: { view: RunsView; run: RunRow | undefined; total: number }) {
  const known = useQuery(columnsOf(view.experimentIds)).data ?? [];
  if (!run || view.flat.view !== "ACTIVE_ONLY" || view.flat.filter || total < 2) return null;
  const same = known.filter(
    ({ kind, distinct, runs }) => kind === "param" && distinct === 1 && runs === total,
  );
  const named = equalColumns(same).flatMap((column) => {
    const value = said(run, column);
    return typeof value === "string" ? [`${columnTitle(column)} = ${value}`] : [];
  });
  if (!named.length) return null;
  const more = same.length > named.length ? ` and ${same.length - named.length} more` : "";
  const text = `Same in all: ${named.join(", ")}${more}`;
  return (
    <span className={styles.same} title={text}>
      {text}
    </span>
  );
}
