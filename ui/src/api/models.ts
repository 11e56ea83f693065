/** The model registry: models, versions, aliases, stages, and what happened to them. */
import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { quoteText } from "@/lib/filter.ts";
import { ApiError, answer, client, type Schemas } from "./client.ts";

export interface Alias {
  alias: string;
  version: string;
}

/** A registered model; versions are texts everywhere. */
export interface Model extends Omit<Schemas["RegisteredModelWire"], "aliases"> {
  aliases: Alias[];
}
export type Version = Schemas["ModelVersionWire"];
export type RegistryEvent = Schemas["RegistryEvent"];

export const STAGES = ["None", "Staging", "Production", "Archived"] as const;

const AT_ONCE = 100;
const MOST_VERSIONS = 1000;

export const modelKeys = { all: ["models"] as const };

export function modelList(filter: string, orderBy: readonly string[] = []) {
  return infiniteQueryOptions({
    queryKey: ["models", "list", filter, orderBy],
    queryFn: async ({ pageParam, signal }) => {
      const query = { filter, order_by: [...orderBy], max_results: AT_ONCE, page_token: pageParam };
      const page = await answer(
        client.GET("/api/2.0/mlflow/registered-models/search", { params: { query }, signal }),
      );
      return { models: (page.registered_models ?? []).map(toModel), token: page.next_page_token };
    },
    initialPageParam: "",
    getNextPageParam: (last) => last.token || undefined,
    placeholderData: keepPreviousData,
  });
}

export function modelByName(name: string) {
  return queryOptions({
    queryKey: ["models", "one", name],
    queryFn: async ({ signal }) => {
      const params = { query: { name } };
      const found = await answer(client.GET("/api/2.0/mlflow/registered-models/get", { params, signal }));
      return toModel(found.registered_model);
    },
  });
}

function toModel(wire: Schemas["RegisteredModelWire"]): Model {
  const aliases = (wire.aliases ?? []).map(({ alias, version }) => ({ alias, version: String(version) }));
  return { ...wire, aliases };
}

/** The newest versions first; at most a thousand. */
export function versionsOf(name: string) {
  return queryOptions({
    queryKey: ["models", "versions", name],
    queryFn: async ({ signal }): Promise<Version[]> => {
      const query = {
        filter: `name = ${quoteText(name)}`,
        order_by: ["version_number DESC"],
        max_results: MOST_VERSIONS,
      };
      return (
        (await answer(client.GET("/api/2.0/mlflow/model-versions/search", { params: { query }, signal })))
          .model_versions ?? []
      );
    },
  });
}

/** The versions that were registered from any of the runs. */
export function versionsOfRuns(runIds: readonly string[]) {
  return queryOptions({
    queryKey: ["models", "of runs", runIds],
    queryFn: async ({ signal }): Promise<Version[]> => {
      const query = { filter: `run_id IN (${runIds.map(quoteText).join(", ")})`, max_results: MOST_VERSIONS };
      return (
        (await answer(client.GET("/api/2.0/mlflow/model-versions/search", { params: { query }, signal })))
          .model_versions ?? []
      );
    },
    enabled: runIds.length > 0,
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });
}

export function modelVersion(name: string, version: string) {
  return queryOptions({
    queryKey: ["models", "version", name, version],
    queryFn: async ({ signal }) => {
      const params = { query: { name, version } };
      return (await answer(client.GET("/api/2.0/mlflow/model-versions/get", { params, signal })))
        .model_version;
    },
  });
}

/** What a version's MLmodel file says. */
export function modelDocument(name: string, version: string) {
  return queryOptions({
    queryKey: ["models", "document", name, version],
    queryFn: async ({ signal }): Promise<Record<string, unknown>> => {
      const params = { query: { name, version } };
      return (await answer(client.GET("/api/ext/v1/registry/document", { params, signal }))).document ?? {};
    },
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export function registryHistory(name: string, version = "") {
  return queryOptions({
    queryKey: ["models", "history", name, version],
    queryFn: async ({ signal }): Promise<RegistryEvent[]> => {
      const params = { query: { name, version } };
      return (await answer(client.GET("/api/ext/v1/registry/history", { params, signal }))).events ?? [];
    },
  });
}

/** A model with its versions as they were at a time. */
export function modelAsOf(name: string, time: number) {
  return queryOptions({
    queryKey: ["models", "as-of", name, time],
    queryFn: async ({ signal }): Promise<{ model: Model; versions: Version[] }> => {
      const params = { query: { name, time } };
      const [model, versions] = await Promise.all([
        answer(client.GET("/api/ext/v1/registry/as-of/registered-model", { params, signal })),
        answer(client.GET("/api/ext/v1/registry/as-of/model-versions", { params, signal })),
      ]);
      return {
        model: toModel(model.registered_model),
        versions: [...(versions.model_versions ?? [])].reverse(),
      };
    },
  });
}

export const createModel = (name: string) =>
  answer(client.POST("/api/2.0/mlflow/registered-models/create", { body: { name } }));

export const renameModel = (name: string, to: string) =>
  answer(client.POST("/api/2.0/mlflow/registered-models/rename", { body: { name, new_name: to } }));

export const describeModel = (name: string, description: string) =>
  answer(client.PATCH("/api/2.0/mlflow/registered-models/update", { body: { name, description } }));

export const deleteModel = (name: string) =>
  answer(client.DELETE("/api/2.0/mlflow/registered-models/delete", { body: { name } }));

export const setModelTag = (name: string, key: string, value: string) =>
  answer(client.POST("/api/2.0/mlflow/registered-models/set-tag", { body: { name, key, value } }));

export const deleteModelTag = (name: string, key: string) =>
  answer(client.DELETE("/api/2.0/mlflow/registered-models/delete-tag", { body: { name, key } }));

export const setAlias = (name: string, alias: string, version: string) =>
  answer(client.POST("/api/2.0/mlflow/registered-models/alias", { body: { name, alias, version } }));

export const deleteAlias = (name: string, alias: string) =>
  answer(client.DELETE("/api/2.0/mlflow/registered-models/alias", { body: { name, alias } }));

export interface Source {
  /** Where the files are: `runs:/…`, `models:/…`. */
  source: string;
  run_id?: string;
  model_id?: string;
}

/** Makes files the next version of a model, which is created where there is none of that name. */
export async function registerVersion(name: string, source: Source): Promise<Version> {
  await createModel(name).catch((failure: unknown) => {
    if (!(failure instanceof ApiError && failure.code === "RESOURCE_ALREADY_EXISTS")) throw failure;
  });
  const body = { name, ...source };
  return (await answer(client.POST("/api/2.0/mlflow/model-versions/create", { body }))).model_version;
}

export const describeVersion = (name: string, version: string, description: string) =>
  answer(client.PATCH("/api/2.0/mlflow/model-versions/update", { body: { name, version, description } }));

export const deleteVersion = (name: string, version: string) =>
  answer(client.DELETE("/api/2.0/mlflow/model-versions/delete", { body: { name, version } }));

export const setVersionTag = (name: string, version: string, key: string, value: string) =>
  answer(client.POST("/api/2.0/mlflow/model-versions/set-tag", { body: { name, version, key, value } }));

export const deleteVersionTag = (name: string, version: string, key: string) =>
  answer(client.DELETE("/api/2.0/mlflow/model-versions/delete-tag", { body: { name, version, key } }));

export const moveToStage = (name: string, version: string, stage: string, archive: boolean) =>
  answer(
    client.POST("/api/2.0/mlflow/model-versions/transition-stage", {
      body: { name, version, stage, archive_existing_versions: archive },
    }),
  );

const COMMENT = "comment";

/** Says something of a version in its history. */
export const commentOn = (name: string, version: string, reason: string) =>
  answer(
    client.POST("/api/ext/v1/registry/evidence", {
      body: { name, version, evidence: [{ check: COMMENT, reason }] },
    }),
  );

/** What somebody said, if that is all that the evidence is. */
export function commentIn(evidence: RegistryEvent["evidence"]): string | null {
  const [only, ...others] = evidence ?? [];
  return only?.check === COMMENT && !others.length ? (only.reason ?? "") : null;
}
