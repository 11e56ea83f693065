/** Runs by their ids, of whichever experiments, as rows of a table. */
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { answer, client, type Schemas } from "./client.ts";
import { type Asked, type RunRow, rowsOf } from "./runRows.ts";

export const RUNS_AT_ONCE = 500;

export interface ChosenRuns {
  /** All that these runs have. */
  columns: Schemas["Column"][];
  runs: RunRow[];
}

/** `asked` are columns; null for those that the server finds worth showing. Runs that are gone are left out. */
export function runsByIds(ids: readonly string[], asked: Asked | null) {
  return queryOptions({
    queryKey: ["runs", "rows", ids, asked],
    queryFn: async ({ signal }): Promise<ChosenRuns> => {
      const body = { run_ids: [...ids], columns: asked && [...asked] };
      const { columns, runs } = await answer(client.POST("/api/ext/v1/runs/rows", { body, signal }));
      return { columns, runs: rowsOf(runs) };
    },
    enabled: ids.length > 0,
    placeholderData: keepPreviousData,
    retry: false,
    staleTime: 60_000,
  });
}
