/** Experiments: listing, editing, and what their runs have to show. */
import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { quoteText } from "@/lib/filter.ts";
import { answer, client, type Schemas } from "./client.ts";
import type { ViewType } from "./runs.ts";

export type Experiment = Schemas["ExperimentWire"];
export type Column = Schemas["Column"];
export type Activity = Schemas["Activity"];

export interface ExperimentQuery {
  filter: string;
  orderBy: string;
  view: ViewType;
}

const AT_ONCE = 200;

export const LATEST_EXPERIMENTS: ExperimentQuery = {
  filter: "",
  orderBy: "last_run_time DESC",
  view: "ACTIVE_ONLY",
};

export const experimentKeys = {
  all: ["experiments"] as const,
  list: (query: ExperimentQuery) => ["experiments", "list", query] as const,
  one: (id: string) => ["experiments", "one", id] as const,
  columns: (ids: readonly string[]) => ["experiments", "columns", ids.join()] as const,
  values: (ids: readonly string[]) => ["experiments", "values", ids.join()] as const,
};

export function experimentList(query: ExperimentQuery) {
  return infiniteQueryOptions({
    queryKey: experimentKeys.list(query),
    queryFn: ({ pageParam, signal }) =>
      answer(
        client.POST("/api/2.0/mlflow/experiments/search", {
          body: {
            filter: query.filter,
            order_by: [query.orderBy],
            view_type: query.view,
            max_results: AT_ONCE,
            page_token: pageParam,
          },
          signal,
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (last) => last.next_page_token || undefined,
    placeholderData: keepPreviousData,
  });
}

async function among(
  ids: readonly string[],
  { filter, orderBy, view }: Omit<ExperimentQuery, "orderBy"> & { orderBy?: string },
  signal: AbortSignal,
): Promise<Experiment[]> {
  const chosen = `experiment_id IN (${ids.map(quoteText).join(", ")})`;
  const body = {
    filter: filter ? `(${filter}) AND ${chosen}` : chosen,
    order_by: orderBy ? [orderBy] : [],
    view_type: view,
    max_results: ids.length,
  };
  return (
    (await answer(client.POST("/api/2.0/mlflow/experiments/search", { body, signal }))).experiments ?? []
  );
}

/** Those of some experiments that a search finds, in its order. */
export function experimentsAmong(ids: readonly string[], query: ExperimentQuery) {
  return queryOptions({
    queryKey: [...experimentKeys.all, "among", ids.join(), query],
    queryFn: ({ signal }) => among(ids, query, signal),
    enabled: ids.length > 0,
    placeholderData: keepPreviousData,
  });
}

/** How many runs experiments have, how many of them train, when the last, on which days, and whose. */
export function activityOf(ids: readonly string[], view: ViewType) {
  return queryOptions({
    queryKey: [...experimentKeys.all, "activity", view, ids.join()],
    queryFn: async ({ signal }): Promise<Activity[]> => {
      const body = { experiment_ids: [...ids], run_view_type: view };
      return (await answer(client.POST("/api/ext/v1/experiments/activity", { body, signal }))).activity ?? [];
    },
    enabled: ids.length > 0,
    placeholderData: keepPreviousData,
  });
}

export function experimentById(id: string) {
  return queryOptions({
    queryKey: experimentKeys.one(id),
    queryFn: async ({ signal }) => {
      const params = { query: { experiment_id: id } };
      return (await answer(client.GET("/api/2.0/mlflow/experiments/get", { params, signal }))).experiment;
    },
  });
}

/** Some experiments by their ids, active or not; one that is gone is left out. */
export function experimentsById(ids: readonly string[]) {
  return queryOptions({
    queryKey: ["experiments", "some", ids.join()],
    queryFn: ({ signal }) => among(ids, { filter: "", view: "ALL" }, signal),
    enabled: ids.length > 0,
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
}

/** The keys that runs of one or several experiments have. */
export function columnsOf(ids: readonly string[]) {
  return queryOptions({
    queryKey: experimentKeys.columns(ids),
    queryFn: async ({ signal }) => {
      if (ids.length !== 1)
        return (
          (
            await answer(
              client.POST("/api/ext/v1/runs/columns", { body: { experiment_ids: [...ids] }, signal }),
            )
          ).columns ?? []
        );
      const params = { path: { experiment_id: ids[0] as string } };
      return (
        (await answer(client.GET("/api/ext/v1/experiments/{experiment_id}/columns", { params, signal })))
          .columns ?? []
      );
    },
    staleTime: 30_000,
    enabled: ids.length > 0,
  });
}

export function valuesOf(
  ids: readonly string[],
  kind: "param" | "tag",
  key: string,
  prefix = "",
  limit = 20,
) {
  return queryOptions({
    queryKey: [...experimentKeys.values(ids), kind, key, prefix, limit],
    queryFn: async ({ signal }) => {
      const query = { kind, key, prefix, limit };
      if (ids.length !== 1) {
        const body = { experiment_ids: [...ids], ...query };
        return (await answer(client.POST("/api/ext/v1/runs/values", { body, signal }))).values ?? [];
      }
      const params = { path: { experiment_id: ids[0] as string }, query };
      return (
        (await answer(client.GET("/api/ext/v1/experiments/{experiment_id}/values", { params, signal })))
          .values ?? []
      );
    },
    staleTime: 30_000,
  });
}

export const createExperiment = async (name: string): Promise<string> =>
  (await answer(client.POST("/api/2.0/mlflow/experiments/create", { body: { name } }))).experiment_id;

export const renameExperiment = (id: string, name: string) =>
  answer(client.POST("/api/2.0/mlflow/experiments/update", { body: { experiment_id: id, new_name: name } }));

export const deleteExperiment = (id: string) =>
  answer(client.POST("/api/2.0/mlflow/experiments/delete", { body: { experiment_id: id } }));

export const restoreExperiment = (id: string) =>
  answer(client.POST("/api/2.0/mlflow/experiments/restore", { body: { experiment_id: id } }));

export const setExperimentTag = (id: string, key: string, value: string) =>
  answer(
    client.POST("/api/2.0/mlflow/experiments/set-experiment-tag", {
      body: { experiment_id: id, key, value },
    }),
  );

export const deleteExperimentTag = (id: string, key: string) =>
  answer(
    client.POST("/api/2.0/mlflow/experiments/delete-experiment-tag", { body: { experiment_id: id, key } }),
  );
