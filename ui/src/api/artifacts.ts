/** Files of runs. Previews read at most a bounded part of a file. */
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { ApiError, answer, client, PREFIX, type Schemas } from "./client.ts";

export type Entry = Schemas["FileInfo"];

/** A text and whether it is only the beginning of the file. */
export interface Excerpt {
  text: string;
  cut: boolean;
}

const MOST = 1 << 20; // bytes of a file that a preview reads

export const fileUrl = (runId: string, path: string): string =>
  `${PREFIX}/get-artifact?${new URLSearchParams({ run_id: runId, path })}`;

export function listing(runId: string, path: string) {
  return queryOptions({
    queryKey: ["artifacts", runId, path],
    queryFn: async ({ signal }) => {
      const files: Entry[] = [];
      for (let token = "", more = true; more; ) {
        const query = { run_id: runId, path, page_token: token };
        const page = await answer(
          client.GET("/api/2.0/mlflow/artifacts/list", { params: { query }, signal }),
        );
        files.push(...(page.files ?? []));
        token = page.next_page_token ?? "";
        more = token !== "";
      }
      return files;
    },
  });
}

export function excerpt(runId: string, path: string) {
  return queryOptions({
    queryKey: ["artifacts", runId, path, "text"],
    queryFn: async ({ signal }): Promise<Excerpt> => {
      const response = await fetch(fileUrl(runId, path), {
        headers: { range: `bytes=0-${MOST - 1}` },
        signal,
      });
      if (response.status === 416) return { text: "", cut: false }; // an empty file has no first byte
      if (!response.ok) throw new ApiError("NO_FILE", `The file '${path}' cannot be read.`, response.status);
      const size = Number(response.headers.get("content-range")?.split("/")[1] ?? 0);
      return { text: await response.text(), cut: size > MOST };
    },
  });
}

export type TablePage = Schemas["TablePage"];

/** An HTML file for a frame, with its scripts in an origin of their own. */
export const pageUrl = (runId: string, path: string): string =>
  `${PREFIX}/api/ext/v1/artifacts/page?${new URLSearchParams({ run_id: runId, path })}`;

export function tablePage(runId: string, path: string, offset: number, limit: number) {
  return queryOptions({
    queryKey: ["artifacts", runId, path, "table", offset, limit],
    queryFn: ({ signal }) => {
      const query = { run_id: runId, path, offset, limit };
      return answer(client.GET("/api/ext/v1/artifacts/table", { params: { query }, signal }));
    },
    placeholderData: keepPreviousData,
    retry: false,
  });
}

/** A YAML file's content. */
export function yamlFile(runId: string, path: string) {
  return queryOptions({
    queryKey: ["artifacts", runId, path, "yaml"],
    queryFn: async ({ signal }): Promise<Record<string, unknown>> => {
      const params = { query: { run_id: runId, path } };
      return (await answer(client.GET("/api/ext/v1/artifacts/document", { params, signal }))).document ?? {};
    },
    retry: false,
  });
}

/** A file's bytes, or the end of it from `start` on; null where there is no such file. */
export async function readBytes(
  runId: string,
  path: string,
  { start = 0, end }: { start?: number; end?: number } = {},
  signal?: AbortSignal,
): Promise<{ bytes: Uint8Array; size: number } | null> {
  const headers = { range: `bytes=${start}-${end === undefined ? "" : end - 1}` };
  const response = await fetch(fileUrl(runId, path), { headers, signal }).catch((cause: Error) => {
    if (cause.name === "AbortError") throw cause;
    throw new ApiError("UNREACHABLE", "The server does not answer. Check that it runs, then retry.", 0);
  });
  const size = Number(response.headers.get("content-range")?.split("/")[1] ?? 0);
  if (response.status === 404) return null;
  if (response.status === 416) return { bytes: new Uint8Array(), size };
  if (!response.ok) throw new ApiError("NO_FILE", `The file '${path}' cannot be read.`, response.status);
  const bytes = new Uint8Array(await response.arrayBuffer());
  return { bytes, size: size || bytes.length };
}

/** A JSON file's content; null where there is no such file or it is no JSON. */
export function jsonFile<T>(runId: string, path: string) {
  return queryOptions({
    queryKey: ["artifacts", runId, path, "json"],
    queryFn: async ({ signal }): Promise<T | null> => {
      const read = await readBytes(runId, path, {}, signal);
      try {
        return read && (JSON.parse(new TextDecoder().decode(read.bytes)) as T);
      } catch {
        return null;
      }
    },
  });
}

/** A text file's content, at most its first mebibytes; null where there is no such file. */
export function textFile(runId: string, path: string) {
  return queryOptions({
    queryKey: ["artifacts", runId, path, "whole"],
    queryFn: async ({ signal }): Promise<Excerpt | null> => {
      const read = await readBytes(runId, path, { end: 4 * MOST }, signal);
      return read && { text: new TextDecoder().decode(read.bytes), cut: read.size > read.bytes.length };
    },
  });
}
