/** The run that the others are told from, wherever it stands. */
import { useQuery } from "@tanstack/react-query";
import { type RunRow, rowsById } from "@/api/runRows.ts";
import type { Column } from "@/lib/columns.ts";
import { cellOf } from "./cells.ts";
import type { RunsView } from "./useRunsView.ts";

export function useBaseline(
  { search, experimentIds, asked }: RunsView,
  loaded: readonly RunRow[],
): RunRow | undefined {
  const near = loaded.find(({ id }) => id === search.b);
  const far = useQuery(
    rowsById(experimentIds, search.b !== undefined && !near ? [search.b] : [], asked),
  ).data;
  return near ?? (search.b === undefined ? undefined : far?.runs.find(({ id }) => id === search.b));
}

/** Its figure in each metric column. */
export const figuresOf = (baseline: RunRow | undefined, columns: readonly Column[]): (number | null)[] =>
  columns.map((column) => (baseline && column.kind === "metric" ? cellOf(baseline, column, 0).number : null));
