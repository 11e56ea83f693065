/** The first runs of an open group, as rows below it. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { runRows } from "@/api/runRows.ts";
import type { Column } from "@/lib/columns.ts";
import { askedNames, columnId } from "@/lib/columns.ts";
import { formatCount } from "@/lib/format.ts";
import { cellOf } from "./cells.ts";
import styles from "./GroupsTable.module.css";
import { groupFilter } from "./groupFilter.ts";
import type { RunsView } from "./useRunsView.ts";

const SHOWN = 10;

interface GroupRunsProps {
  view: RunsView;
  by: readonly string[];
  values: readonly (string | null)[];
  /** How many runs the group has. */
  count: number;
  metrics: readonly Column[];
  /** Shows all of them, and them alone. */
  onAll: () => void;
}

export function GroupRuns({ view, by, values, count, metrics, onAll }: GroupRunsProps) {
  const { filter } = view.flat;
  const own = { ...view.flat, filter: groupFilter(filter, filter, by, values) };
  const { data, error } = useQuery(runRows(own, askedNames(metrics), 0, SHOWN));
  const runs = data?.runs ?? [];
  const width = by.length + 1 + metrics.length;
  if (!data) {
    return (
      <tr>
        <td colSpan={width}>{error ? error.message : "…"}</td>
      </tr>
    );
  }
  return (
    <>
      {runs.map((run) => (
        <tr key={run.id} className={styles.member}>
          <td colSpan={by.length + 1}>
            <Link to="/runs/$runId" params={{ runId: run.id }} search={{}}>
              {run.name || run.id}
            </Link>
          </td>
          {metrics.map((column) => {
            const { text, full } = cellOf(run, column, 0);
            return (
              <td key={columnId(column)} className={styles.figure} title={full}>
                {text}
              </td>
            );
          })}
        </tr>
      ))}
      {count > runs.length && (
        <tr className={styles.member}>
          <td colSpan={width}>
            <button type="button" onClick={onAll}>
              All {formatCount(count)} runs of this group
            </button>
          </td>
        </tr>
      )}
    </>
  );
}
