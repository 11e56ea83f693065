/** Runs: counting those of a search, reading single ones whole, and editing one or many. */
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { answer, client, type Schemas } from "./client.ts";
import { together } from "./together.ts";

export const PARENT_TAG = "mlflow.parentRunId";

export type ViewType = "ACTIVE_ONLY" | "DELETED_ONLY" | "ALL";

export interface RunQuery {
  experimentIds: string[];
  filter: string;
  orderBy: string[];
  view: ViewType;
}

/** What every screen knows of a run. */
export interface RunFacts {
  id: string;
  name: string;
  experimentId: string;
  user: string;
  status: string;
  start: number | null;
  end: number | null;
  deleted: boolean;
}

/** A run with all it logged; lists of pairs are objects. A metric that is not a number arrives as text. */
export interface Run extends RunFacts {
  artifactUri: string;
  metrics: Record<string, Schemas["Metric"]>;
  params: Record<string, string>;
  tags: Record<string, string>;
  datasets: Schemas["DatasetInput"][];
}

export const runKeys = {
  all: ["runs"] as const,
  pages: (experimentIds: readonly string[]) => ["runs", "pages", experimentIds.join()] as const,
  search: (query: RunQuery) => ["runs", "pages", query.experimentIds.join(), query] as const,
  count: (query: RunQuery) =>
    ["runs", "count", query.experimentIds.join(), query.filter, query.view] as const,
  one: (id: string) => ["runs", "one", id] as const,
};

/** Runs of a search with all they logged, from a position on. The server reads MLflow's tokens, which name one. */
export async function searchRuns(
  query: RunQuery,
  offset: number,
  limit: number,
): Promise<{ runs: Run[]; more: boolean }> {
  const found = await answer(
    client.POST("/api/2.0/mlflow/runs/search", {
      body: {
        experiment_ids: query.experimentIds,
        filter: query.filter,
        order_by: query.orderBy,
        run_view_type: query.view,
        max_results: limit,
        page_token: offset ? btoa(JSON.stringify({ offset })) : "",
      },
    }),
  );
  return { runs: (found.runs ?? []).map(toRun), more: Boolean(found.next_page_token) };
}

export function runCount(query: RunQuery) {
  return queryOptions({
    queryKey: runKeys.count(query),
    queryFn: async ({ signal }) => {
      const body = { experiment_ids: query.experimentIds, filter: query.filter, run_view_type: query.view };
      return (await answer(client.POST("/api/ext/v1/runs/count", { body, signal }))).count;
    },
    placeholderData: keepPreviousData,
  });
}

export function runById(id: string) {
  return queryOptions({
    queryKey: runKeys.one(id),
    queryFn: () => readRun(id),
  });
}

const readRun = together({
  most: 500,
  one: async (id) => {
    const found = await answer(client.GET("/api/2.0/mlflow/runs/get", { params: { query: { run_id: id } } }));
    return toRun(found.run);
  },
  many: async (ids) => {
    const found = await answer(client.POST("/api/ext/v1/runs/get", { body: { run_ids: ids } }));
    return new Map((found.runs ?? []).map(toRun).map((run) => [run.id, run]));
  },
});

export function runName(id: string) {
  return queryOptions({
    queryKey: ["runs", "name", id],
    queryFn: async () => (await readRun(id)).name,
  });
}

export function liveness(ids: string[]) {
  return queryOptions({
    queryKey: ["runs", "liveness", ids],
    queryFn: async ({ signal }) => {
      const found = await answer(
        client.POST("/api/ext/v1/runs/liveness", { body: { run_ids: ids }, signal }),
      );
      return new Set((found.runs ?? []).filter((run) => run.stale).map((run) => run.run_id));
    },
    enabled: ids.length > 0,
    refetchInterval: 60_000,
    placeholderData: keepPreviousData,
  });
}

/** The ids of runs that are not over. */
export const trainingAmong = (runs: readonly Pick<Run, "id" | "status">[]): string[] =>
  runs.filter(({ status }) => status === "RUNNING").map(({ id }) => id);

export const renameRun = (id: string, name: string) =>
  answer(client.POST("/api/2.0/mlflow/runs/update", { body: { run_id: id, run_name: name } }));

export const tagRuns = (ids: string[], set: Record<string, string>, remove: string[] = []) =>
  answer(client.POST("/api/ext/v1/runs/tag", { body: { run_ids: ids, set, remove } }));

export const deleteRuns = (ids: string[]) =>
  answer(client.POST("/api/ext/v1/runs/delete", { body: { run_ids: ids } }));

export const restoreRuns = (ids: string[]) =>
  answer(client.POST("/api/ext/v1/runs/restore", { body: { run_ids: ids } }));

export function toRun(wire: Schemas["RunWire"]): Run {
  const { info, data = {} } = wire;
  return {
    id: info.run_id,
    name: info.run_name ?? "",
    experimentId: info.experiment_id ?? "",
    user: info.user_id ?? "",
    status: info.status ?? "RUNNING",
    start: info.start_time ?? null,
    end: info.end_time ?? null,
    deleted: info.lifecycle_stage === "deleted",
    artifactUri: info.artifact_uri ?? "",
    metrics: Object.fromEntries((data.metrics ?? []).map((metric) => [metric.key, metric])),
    params: pairs(data.params),
    tags: pairs(data.tags),
    datasets: wire.inputs?.dataset_inputs ?? [],
  };
}

const pairs = (list: { key: string; value?: string | null }[] = []): Record<string, string> =>
  Object.fromEntries(list.map(({ key, value }) => [key, value ?? ""]));
