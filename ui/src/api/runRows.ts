/** Runs as rows of a table: what a screen shows of them, however much they logged. */
import { queryOptions } from "@tanstack/react-query";
import { quoteText } from "@/lib/filter.ts";
import { answer, client, type Schemas } from "./client.ts";
import type { Point } from "./newestPoint.ts";
import { queryClient } from "./queryClient.ts";
import { NEAR, orderOf, replaceOrder } from "./runOrders.ts";
import { PARENT_TAG, type RunFacts, type RunQuery, runKeys } from "./runs.ts";

export const PAGE = 100; // rows a request, read while the rows before them are on screen

const MOST_COLUMNS = 500; // of one request

export type RunTable = Schemas["RunTable"];

/** What a column says of a run: null where the run lacks it, undefined where nobody asked yet. */
export type Value = RunTable["values"][number][number];

export interface RunRow extends RunFacts {
  /** Since when it is in the trash. */
  trashed: number | null;
  /** Whether it logged a metric. */
  measured: boolean;
  /** By column, named as requests name it. */
  values: Record<string, Value>;
  /** Of metrics that were followed, the last point that events told of. */
  newest?: Readonly<Record<string, Point>>;
}

/** `total` counts all runs of the search. */
export interface RunPage {
  runs: RunRow[];
  total: number;
}

/** Names of the columns of a request, in an order of their own, so that moving a column asks for nothing. */
export type Asked = readonly string[];

type RowsKey = readonly [...ReturnType<typeof runKeys.search>, asked: Asked, offset: number, limit: number];

/**
 * Runs of a search. While other columns of them are read those that are known stay; with `keep`, also what was shown of
 * another search.
 */
export function runRows(query: RunQuery, asked: Asked, offset = 0, limit = PAGE, keep = false) {
  return queryOptions<RunPage, Error, RunPage, RowsKey>({
    queryKey: [...runKeys.search(query), asked, offset, limit],
    queryFn: ({ signal, queryKey }) => {
      const outdated = queryClient.getQueryState(queryKey)?.isInvalidated === true;
      return readRows(query, asked, offset, limit, signal, outdated);
    },
    placeholderData: (before) => alike(query, offset, limit) ?? (keep ? before : undefined),
  });
}

export const runPage = (query: RunQuery, asked: Asked, index: number) =>
  runRows(query, asked, index * PAGE, PAGE, index === 0);

/** Runs by their ids, whatever the search is; those that are gone are left out. */
export const rowsById = (experimentIds: string[], ids: readonly string[], asked: Asked) => ({
  ...runRows({ experimentIds, filter: isOneOf(ids), orderBy: [], view: "ALL" }, asked, 0, PAGE, true),
  enabled: ids.length > 0,
});

export const isOneOf = (ids: readonly string[]): string => `run_id IN (${ids.map(quoteText).join(", ")})`;

function alike(query: RunQuery, offset: number, limit: number): RunPage | undefined {
  const known = queryClient.getQueriesData<RunPage>({ queryKey: runKeys.search(query) });
  return known.find(([key, page]) => page && key[5] === offset && key[6] === limit)?.[1];
}

/** The run that did best of those below each parent, by the parent's id. */
export function bestChildren(parents: string[], column: string, largest: boolean, asked: Asked) {
  const parent = `tags.${PARENT_TAG}`;
  return queryOptions({
    queryKey: ["runs", "best-children", column, largest, parents, asked] as const,
    queryFn: async ({ signal }): Promise<ReadonlyMap<string, RunRow>> => {
      const columns = [parent, ...asked].slice(0, MOST_COLUMNS);
      const body = { run_ids: parents, column, largest, columns };
      const found = await answer(client.POST("/api/ext/v1/runs/best-children", { body, signal }));
      return new Map(rowsOf(found).map((run) => [String(run.values[parent]), run]));
    },
    enabled: parents.length > 0 && column !== "",
    staleTime: 30_000,
  });
}

/** Runs of a search from a position on; `outdated` finds their order anew. */
export async function readRows(
  query: RunQuery,
  asked: Asked,
  offset: number,
  limit: number,
  signal?: AbortSignal,
  outdated = false,
): Promise<RunPage> {
  const read = async (filter: string, columns: string[], from: number, result_id: string) => {
    const { experimentIds: experiment_ids, orderBy: order_by, view: run_view_type } = query;
    const body = { experiment_ids, columns, filter, run_view_type, order_by, offset: from, limit, result_id };
    return answer(client.POST("/api/ext/v1/runs/query", { body, signal }));
  };
  const first = asked.slice(0, MOST_COLUMNS);
  const far = offset + limit > NEAR;
  const id = far ? await orderOf(query, outdated) : "";
  const table = await read(query.filter, first, offset, id);
  if (far) replaceOrder(query, id, table.result_id ?? "");
  const runs = rowsOf(table);
  for (let at = MOST_COLUMNS; at < asked.length && runs.length; at += MOST_COLUMNS) {
    const columns = asked.slice(at, at + MOST_COLUMNS);
    const more = await read(isOneOf(table.run_ids), columns, 0, "");
    const values = new Map(rowsOf(more).map((run) => [run.id, run.values]));
    for (const run of runs) Object.assign(run.values, values.get(run.id));
  }
  return { runs, total: table.total };
}

export const rowsOf = (table: RunTable): RunRow[] =>
  table.run_ids.map((id, at) => ({
    id,
    name: table.names[at] ?? "",
    experimentId: table.experiment_ids[at] ?? "",
    user: table.users[at] ?? "",
    status: table.statuses[at] ?? "RUNNING",
    start: table.start_times[at] || null,
    end: table.end_times[at] ?? null,
    deleted: table.deleted[at] === true,
    trashed: table.deleted_times[at] ?? null,
    measured: table.measured[at] === true,
    values: Object.fromEntries(
      table.columns.map((name, column) => [name, table.values[column]?.[at] ?? null]),
    ),
  }));
