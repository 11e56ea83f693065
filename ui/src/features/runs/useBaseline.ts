/** The run that the others are told from, wherever it stands. */
import { useQuery } from "@tanstack/react-query";
import { type Run, runById } from "@/api/runs.ts";
import type { Column } from "@/lib/columns.ts";
import { cellOf, type Summaries } from "./cells.ts";
import type { RunsView } from "./useRunsView.ts";

export function useBaseline({ search }: RunsView, loaded: readonly Run[]): Run | undefined {
  const near = loaded.find(({ id }) => id === search.b);
  const far = useQuery({ ...runById(search.b ?? ""), enabled: search.b !== undefined && !near }).data;
  return near ?? (search.b === undefined ? undefined : far);
}

/** Its figure in each metric column. */
export const figuresOf = (
  baseline: Run | undefined,
  columns: readonly Column[],
  summaries: Summaries,
): (number | null)[] =>
  columns.map((column) =>
    baseline && column.kind === "metric" ? cellOf(baseline, column, summaries, 0).number : null,
  );
