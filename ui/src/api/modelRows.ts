/** Logged models as rows of a table: what a screen shows of them, however much was measured. */
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { quoteText } from "@/lib/filter.ts";
import { answer, client, type Schemas } from "./client.ts";
import type { LoggedModel } from "./loggedModels.ts";
import { queryClient } from "./queryClient.ts";

export const MODELS_AT_ONCE = 100; // rows a request, read while the rows before them are on screen

export type ModelColumn = Required<Schemas["ModelColumn"]>;
export type KnownModelColumn = Schemas["KnownModelColumn"];

/** What a column says of a model: null where the model lacks it, undefined where nobody asked yet. */
export type Value = Schemas["LoggedModelTable"]["values"][number][number];

export interface ModelRow
  extends Pick<
    LoggedModel,
    "id" | "name" | "experimentId" | "runId" | "status" | "statusMessage" | "type" | "created" | "versions"
  > {
  /** Of the run that made it; empty where that is gone. */
  runName: string;
  /** The run's step at which it was logged. */
  step: number | null;
  /** By the name that the grid gives a column. */
  values: Record<string, Value>;
}

/** `total` counts all models of the search. */
export interface ModelPage {
  models: ModelRow[];
  total: number;
}

export interface Order {
  field: string;
  ascending: boolean;
  /** Of a metric: the dataset's name and digest, empty for points that name none. */
  dataset: string;
  digest: string;
}

export interface ModelQuery {
  experimentId: string;
  filter: string;
  order: Order[];
  /** Only models measured on it; its name and digest. */
  dataset: { name: string; digest: string } | null;
}

/** The columns of a request by the grid's names for them. */
export type AskedColumns = ReadonlyMap<string, ModelColumn>;

type PageKey = readonly ["logged-models", "rows", ModelQuery, string[], number];

/** Models of a search. While other columns of them are read those that are known stay. */
export function modelPage(query: ModelQuery, asked: AskedColumns, index: number) {
  return queryOptions<ModelPage, Error, ModelPage, PageKey>({
    queryKey: ["logged-models", "rows", query, [...asked.keys()], index],
    queryFn: ({ signal, queryKey }) => {
      const outdated = queryClient.getQueryState(queryKey)?.isInvalidated === true;
      return readModels(query, asked, index, outdated, signal);
    },
    placeholderData: (before, last) => {
      const same = last?.queryKey[2].experimentId === query.experimentId;
      return alike(query, index) ?? (index === 0 && same ? before : undefined);
    },
    retry: false,
  });
}

/** The models that a run made, without columns. */
export function modelsOfRun(experimentId: string, runId: string) {
  const filter = `source_run_id = ${quoteText(runId)}`;
  return infiniteQueryOptions({
    queryKey: ["logged-models", "of run", experimentId, runId],
    queryFn: ({ pageParam, signal }) =>
      readModels({ experimentId, filter, order: [], dataset: null }, new Map(), pageParam, true, signal),
    initialPageParam: 0,
    getNextPageParam: ({ total }, pages) =>
      pages.length * MODELS_AT_ONCE < total ? pages.length : undefined,
  });
}

function alike(query: ModelQuery, index: number): ModelPage | undefined {
  const known = queryClient.getQueriesData<ModelPage>({ queryKey: ["logged-models", "rows", query] });
  return known.find(([key, page]) => page && key[4] === index)?.[1];
}

let order = { of: "", id: "" }; // of the last search that was read far on

async function readModels(
  query: ModelQuery,
  asked: AskedColumns,
  index: number,
  outdated: boolean,
  signal: AbortSignal,
): Promise<ModelPage> {
  const of = JSON.stringify(query);
  const { experimentId, filter, dataset } = query;
  const body = {
    experiment_ids: [experimentId],
    columns: [...asked.values()],
    filter,
    datasets: dataset ? [{ dataset_name: dataset.name, dataset_digest: dataset.digest }] : [],
    order_by: query.order.map(toOrder),
    offset: index * MODELS_AT_ONCE,
    limit: MODELS_AT_ONCE,
    result_id: order.of === of && !outdated ? order.id : "",
  };
  const table = await answer(client.POST("/api/ext/v1/logged-models/query", { body, signal }));
  if (table.result_id) order = { of, id: table.result_id };
  return { models: rowsOf(table, [...asked.keys()]), total: table.total };
}

const toOrder = ({ field, ascending, dataset, digest }: Order): Schemas["ModelOrder"] => ({
  ...{ field_name: field, ascending, dataset_name: dataset, dataset_digest: digest || null },
});

const rowsOf = (table: Schemas["LoggedModelTable"], names: readonly string[]): ModelRow[] =>
  table.model_ids.map((id, at) => ({
    id,
    name: table.names[at] || id,
    experimentId: table.experiment_ids[at] ?? "",
    runId: table.source_run_ids[at] ?? "",
    runName: table.source_run_names[at] ?? "",
    status: (table.statuses[at] ?? "").replace("LOGGED_MODEL_", ""),
    statusMessage: table.status_messages[at] ?? "",
    type: table.model_types[at] ?? "",
    created: table.creation_times[at] ?? 0,
    step: table.steps[at] ?? null,
    versions: table.versions[at] ?? [],
    values: Object.fromEntries(names.map((name, column) => [name, table.values[column]?.[at] ?? null])),
  }));

/** The metrics by dataset, params and tags that models of the experiment have. */
export function modelColumns(experimentId: string) {
  return queryOptions({
    queryKey: ["logged-models", "columns", experimentId],
    queryFn: async ({ signal }): Promise<KnownModelColumn[]> => {
      const params = { path: { experiment_id: experimentId } };
      const url = "/api/ext/v1/experiments/{experiment_id}/logged-model-columns";
      return (await answer(client.GET(url, { params, signal }))).columns ?? [];
    },
  });
}
