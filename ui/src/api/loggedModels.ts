/** Logged models: what runs made as things of their own, with what was measured of them, by dataset. */
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { quoteText } from "@/lib/filter.ts";
import { answer, client, type Schemas } from "./client.ts";

/** A measured value of a model, perhaps on a dataset. */
export interface Measured {
  key: string;
  /** The dataset's name and digest; empty where none was named. */
  dataset: string;
  digest: string;
  value: Schemas["Metric"]["value"];
  step: number;
  time: number;
  runId: string;
}

export interface LoggedModel {
  id: string;
  name: string;
  experimentId: string;
  runId: string;
  /** PENDING, READY or UPLOAD_FAILED. */
  status: string;
  statusMessage: string;
  type: string;
  created: number;
  changed: number;
  location: string;
  params: Record<string, string>;
  tags: Record<string, string>;
  /** The latest value of each metric on each dataset. */
  metrics: Measured[];
  /** The versions that were registered of it. */
  versions: { name: string; version: string }[];
}

export const loggedModelKeys = { all: ["logged-models"] as const };

export function loggedModel(id: string) {
  return queryOptions({
    queryKey: ["logged-models", "one", id],
    queryFn: async ({ signal }) => {
      const params = { path: { model_id: id } };
      const url = "/api/2.0/mlflow/logged-models/{model_id}";
      return toLoggedModel((await answer(client.GET(url, { params, signal }))).model);
    },
  });
}

/** Models of an experiment by their ids, in that order. */
export function loggedModelsById(experimentId: string, ids: readonly string[]) {
  return queryOptions({
    queryKey: ["logged-models", "some", experimentId, ids],
    queryFn: async ({ signal }): Promise<LoggedModel[]> => {
      const filter = `model_id IN (${ids.map(quoteText).join(", ")})`;
      const body = { experiment_ids: [experimentId], filter, max_results: ids.length };
      const { models = [] } = await answer(
        client.POST("/api/2.0/mlflow/logged-models/search", { body, signal }),
      );
      const found = new Map(models.map((model) => [model.info.model_id, toLoggedModel(model)]));
      const gone = ids.find((id) => !found.has(id));
      if (gone) throw new Error(`There is no model ${gone} in this experiment.`);
      return ids.flatMap((id) => found.get(id) ?? []);
    },
    placeholderData: keepPreviousData,
  });
}

export const tagLoggedModel = (model_id: string, key: string, value: string) =>
  answer(
    client.PATCH("/api/2.0/mlflow/logged-models/{model_id}/tags", {
      params: { path: { model_id } },
      body: { tags: [{ key, value }] },
    }),
  );

export const untagLoggedModel = (model_id: string, tag_key: string) =>
  answer(
    client.DELETE("/api/2.0/mlflow/logged-models/{model_id}/tags/{tag_key}", {
      params: { path: { model_id, tag_key } },
    }),
  );

export const deleteLoggedModel = (model_id: string) =>
  answer(client.DELETE("/api/2.0/mlflow/logged-models/{model_id}", { params: { path: { model_id } } }));

const pairs = (list: readonly { key: string; value?: string | null }[] = []): Record<string, string> =>
  Object.fromEntries(list.map(({ key, value }) => [key, value ?? ""]));

export function toLoggedModel({ info, data = {} }: Schemas["LoggedModelWire"]): LoggedModel {
  const tags = pairs(info.tags);
  return {
    id: info.model_id,
    name: info.name || info.model_id,
    experimentId: info.experiment_id ?? "",
    runId: info.source_run_id ?? "",
    status: (info.status ?? "").replace("LOGGED_MODEL_", ""),
    statusMessage: info.status_message ?? "",
    type: info.model_type ?? "",
    created: info.creation_timestamp_ms ?? 0,
    changed: info.last_updated_timestamp_ms ?? 0,
    location: info.artifact_uri ?? "",
    params: pairs(data.params),
    tags,
    metrics: latest(data.metrics ?? []),
    versions: versionsIn(tags["mlflow.modelVersions"]),
  };
}

/** Of the points of a metric on a dataset the last one. */
function latest(points: readonly Schemas["Metric"][]): Measured[] {
  const found = new Map<string, Measured>();
  for (const { key, value, timestamp, step, dataset_name, dataset_digest, run_id } of points) {
    const dataset = dataset_name ?? "";
    const digest = dataset_digest ?? "";
    const id = JSON.stringify([key, dataset, digest]);
    const before = found.get(id);
    if (before && (before.time > timestamp || (before.time === timestamp && before.step > (step ?? 0))))
      continue;
    found.set(id, { key, value, dataset, digest, step: step ?? 0, time: timestamp, runId: run_id ?? "" });
  }
  return [...found.values()];
}

function versionsIn(text: string | undefined): LoggedModel["versions"] {
  try {
    const read = JSON.parse(text ?? "[]") as { name?: unknown; version?: unknown }[];
    return read.map(({ name, version }) => ({ name: String(name ?? ""), version: String(version ?? "") }));
  } catch {
    return [];
  }
}
