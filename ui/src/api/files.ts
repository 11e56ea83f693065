/** Where files are: what a run, a logged model or a model version holds. */

import { answer, client, PREFIX, type Schemas } from "./client.ts";
import type { Source } from "./models.ts";

export type Entry = Schemas["FileEntry"];
export type TablePage = Schemas["TablePage"];

/** Rows of a table: a page, in the order of a column, of those that contain a text. */
export interface Rows {
  offset: number;
  limit: number;
  sort?: string;
  search?: string;
  column?: string;
}

/** One place with files. Addresses carry the server's prefix. */
export interface Files {
  /** Tells it from others, in keys of queries. */
  id: string;
  /** How programs name a path in it. */
  uri: (path: string) => string;
  url: (path: string) => string;
  /** An HTML file for a frame, with its scripts in an origin of their own. */
  pageUrl: (path: string) => string;
  /** A folder as a ZIP file; the empty path is all there is. */
  zipUrl: (path: string) => string;
  list: (path: string, signal?: AbortSignal) => Promise<Entry[]>;
  table: (path: string, rows: Rows, signal?: AbortSignal) => Promise<TablePage>;
  /** What a model in a folder is registered as; absent where it is registered already. `model` is its MLmodel. */
  register?: (folder: string, model: Record<string, unknown>) => Source;
  /** A YAML file's content. */
  document: (path: string, signal?: AbortSignal) => Promise<Record<string, unknown>>;
}

const EXT = "/api/ext/v1";

const address = (path: string, query: Record<string, string>): string =>
  `${PREFIX}${path}?${new URLSearchParams(query)}`;

const joined = (uri: string, path: string): string => (path ? `${uri}/${path}` : uri);

/** What a run printed. */
export const logUrl = (runId: string): string => `${PREFIX}${EXT}/runs/${runId}/logs`;

export const runFiles = (run_id: string): Files => ({
  id: run_id,
  register: (folder, { model_id }) =>
    typeof model_id === "string" && /^m-\w+$/.test(model_id)
      ? { source: `models:/${model_id}`, model_id, run_id }
      : { source: joined(`runs:/${run_id}`, folder), run_id },
  uri: (path) => joined(`runs:/${run_id}`, path),
  url: (path) => address("/get-artifact", { run_id, path }),
  pageUrl: (path) => address(`${EXT}/artifacts/page`, { run_id, path }),
  zipUrl: (path) => address(`${EXT}/artifacts/zip`, { run_id, path }),
  list: async (path, signal) => {
    const params = { query: { run_id, path } };
    return (await answer(client.GET("/api/ext/v1/artifacts/list", { params, signal }))).files ?? [];
  },
  table: (path, rows, signal) =>
    answer(
      client.GET("/api/ext/v1/artifacts/table", { params: { query: { run_id, path, ...rows } }, signal }),
    ),
  document: async (path, signal) => {
    const params = { query: { run_id, path } };
    return (await answer(client.GET("/api/ext/v1/artifacts/document", { params, signal }))).document ?? {};
  },
});

export const loggedModelFiles = (model_id: string): Files => ({
  id: model_id,
  register: (_, { run_id }) => ({
    source: `models:/${model_id}`,
    model_id,
    ...(typeof run_id === "string" ? { run_id } : {}),
  }),
  uri: (path) => joined(`models:/${model_id}`, path),
  url: (path) =>
    address(`/ajax-api/2.0/mlflow/logged-models/${model_id}/artifacts/files`, { artifact_file_path: path }),
  pageUrl: (path) => address(`${EXT}/logged-models/${model_id}/page`, { path }),
  zipUrl: (path) => address(`${EXT}/logged-models/${model_id}/zip`, { path }),
  list: async (path, signal) => {
    const params = { path: { model_id }, query: { path } };
    const url = "/api/ext/v1/logged-models/{model_id}/list";
    return (await answer(client.GET(url, { params, signal }))).files ?? [];
  },
  table: (path, rows, signal) =>
    answer(
      client.GET("/api/ext/v1/logged-models/{model_id}/table", {
        params: { path: { model_id }, query: { path, ...rows } },
        signal,
      }),
    ),
  document: async (path, signal) => {
    const params = { path: { model_id }, query: { path } };
    const url = "/api/ext/v1/logged-models/{model_id}/document";
    return (await answer(client.GET(url, { params, signal }))).document ?? {};
  },
});

export const versionFiles = (name: string, version: string): Files => ({
  id: `${name}/${version}`, // a name has no slash
  uri: (path) => joined(`models:/${name}/${version}`, path),
  url: (path) => address("/model-versions/get-artifact", { name, version, path }),
  pageUrl: (path) => address(`${EXT}/registry/page`, { name, version, path }),
  zipUrl: (path) => address(`${EXT}/registry/zip`, { name, version, path }),
  list: async (path, signal) => {
    const params = { query: { name, version, path } };
    return (await answer(client.GET("/api/ext/v1/registry/artifacts", { params, signal }))).files ?? [];
  },
  table: (path, rows, signal) =>
    answer(
      client.GET("/api/ext/v1/registry/table", {
        params: { query: { name, version, path, ...rows } },
        signal,
      }),
    ),
  document: async (path, signal) => {
    const params = { query: { name, version, path } };
    return (await answer(client.GET("/api/ext/v1/registry/document", { params, signal }))).document ?? {};
  },
});
