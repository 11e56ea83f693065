/** Columns of a whole sweep at once, what its params tell, and its runs in groups. */
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { byName } from "@/lib/byName.ts";
import { toNumber } from "@/lib/format.ts";
import { answer, client, type Schemas } from "./client.ts";
import type { RunQuery } from "./runs.ts";

export type Value = number | string | null;
export interface Importance extends Omit<Schemas["Importance"], "score"> {
  score: number;
}

/** Runs that are alike in the columns they are grouped by, with figures of other columns. */
export interface RunGroup {
  values: (string | null)[];
  runs: number;
  figures: { n: number; mean: number | null; std: number | null; min: number | null; max: number | null }[];
}

export interface Matrix {
  total: number;
  ids: string[];
  names: string[];
  starts: number[];
  values: Value[][];
}

export function matrixOf({ experimentIds, filter, view }: RunQuery, columns: readonly string[]) {
  return queryOptions({
    queryKey: ["runs", "matrix", experimentIds.join(), filter, view, columns],
    queryFn: async ({ signal }): Promise<Matrix> => {
      const body = { experiment_ids: experimentIds, columns: [...columns], filter, run_view_type: view };
      const found = await answer(client.POST("/api/ext/v1/runs/matrix", { body, signal }));
      const { total, run_ids, names, start_times, values } = found;
      return { total, ids: run_ids, names, starts: start_times, values };
    },
    placeholderData: keepPreviousData,
    enabled: columns.length > 0,
  });
}

/** How the numbers of a column lie among the runs that match. */
export interface Histogram {
  bins: { from: number; to: number; count: number }[];
  /** Runs that match and have no number. */
  missing: number;
}

export function histogramOf({ experimentIds, filter, view }: RunQuery, column: string) {
  return queryOptions({
    queryKey: ["runs", "histogram", experimentIds.join(), filter, view, column],
    queryFn: async ({ signal }): Promise<Histogram> => {
      const body = { experiment_ids: experimentIds, column, filter, run_view_type: view };
      const found = await answer(client.POST("/api/ext/v1/runs/histogram", { body, signal }));
      const edges = found.edges.map(toNumber);
      const bins = found.counts.map((count, at) => ({
        from: edges[at] as number,
        to: edges[at + 1] as number,
        count,
      }));
      return { bins, missing: found.missing };
    },
    placeholderData: keepPreviousData,
  });
}

export function importanceOf(
  { experimentIds, filter, view }: RunQuery,
  target: string,
  columns: readonly string[],
) {
  return queryOptions({
    queryKey: ["runs", "importance", experimentIds.join(), filter, view, target, columns],
    queryFn: async ({ signal }): Promise<Importance[]> => {
      const body = {
        experiment_ids: experimentIds,
        target,
        columns: [...columns],
        filter,
        run_view_type: view,
      };
      const found = await answer(client.POST("/api/ext/v1/runs/importance", { body, signal }));
      return (found.importance ?? []).map((one) => ({ ...one, score: toNumber(one.score) }));
    },
    placeholderData: keepPreviousData,
    enabled: target !== "" && columns.length > 0,
  });
}

/** Numbers in texts by their size: 2 before 10. What lacks a value comes last. */
function byValues(a: readonly (string | null)[], b: readonly (string | null)[]): number {
  const at = a.findIndex((value, index) => value !== b[index]);
  const [one, other] = [a[at] ?? null, b[at] ?? null];
  if (one === null || other === null) return Number(one === null) - Number(other === null);
  const size = Number(one) - Number(other);
  return Number.isNaN(size) ? byName(one, other) : size;
}

export function groupsOf(
  { experimentIds, filter, view }: RunQuery,
  by: readonly string[],
  columns: readonly string[],
) {
  return queryOptions({
    queryKey: ["runs", "groups", experimentIds.join(), filter, view, by, columns],
    queryFn: async ({ signal }): Promise<RunGroup[]> => {
      const body = {
        experiment_ids: experimentIds,
        by: [...by],
        columns: [...columns],
        filter,
        run_view_type: view,
      };
      const found = await answer(client.POST("/api/ext/v1/runs/groups", { body, signal }));
      const orNull = (value: unknown) => (value === null ? null : toNumber(value));
      const groups = (found.groups ?? []).map(({ values, runs, figures }) => ({
        values,
        runs,
        figures: figures.map(({ n, mean, std, min, max }) => ({
          n,
          mean: orNull(mean),
          std: orNull(std),
          min: orNull(min),
          max: orNull(max),
        })),
      }));
      return groups.sort((a, b) => byValues(a.values, b.values));
    },
    placeholderData: keepPreviousData,
    enabled: by.length > 0,
  });
}
