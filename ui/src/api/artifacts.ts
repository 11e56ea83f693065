/** What files hold. Previews read at most a bounded part of a file. */
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { readJson } from "@/lib/json.ts";
import { ApiError, asFailure } from "./client.ts";
import type { Files, Rows } from "./files.ts";

/** A text and whether it is only a part of the file. */
interface Excerpt {
  text: string;
  cut: boolean;
  /** How many parts the file has. */
  parts: number;
}

const MOST = 1 << 20; // bytes of a file that a preview reads: a part
const WHOLE = 16 * MOST; // bytes of a file that has to be read whole to be drawn

export function listing(files: Files, path: string) {
  return queryOptions({
    queryKey: ["artifacts", files.id, path],
    queryFn: ({ signal }) => files.list(path, signal),
  });
}

/** A text, or where it is long a part of it; parts are counted from 0. */
export function excerpt(files: Files, path: string, part = 0) {
  return queryOptions({
    queryKey: ["artifacts", files.id, path, "text", part],
    queryFn: async ({ signal }): Promise<Excerpt> => {
      const start = part * MOST;
      const read = await readBytes(files, path, { start, end: start + MOST }, signal);
      if (!read) throw noFile(path, 404);
      return { text: textOf(read.bytes), cut: read.size > MOST, parts: Math.ceil(read.size / MOST) };
    },
  });
}

/** A part of a text in UTF-8, without the halves of characters that stand at its ends. */
function textOf(bytes: Uint8Array): string {
  const start = bytes.findIndex((byte) => (byte & 0xc0) !== 0x80);
  return new TextDecoder().decode(bytes.subarray(Math.max(0, start)), { stream: true });
}

export function tablePage(files: Files, path: string, rows: Rows) {
  return queryOptions({
    queryKey: ["artifacts", files.id, path, "table", rows],
    queryFn: ({ signal }) => files.table(path, rows, signal),
    placeholderData: keepPreviousData,
    retry: false,
  });
}

/** A YAML file's content. */
export function yamlFile(files: Files, path: string) {
  return queryOptions({
    queryKey: ["artifacts", files.id, path, "yaml"],
    queryFn: ({ signal }) => files.document(path, signal),
    retry: false,
  });
}

interface Read {
  bytes: Uint8Array;
  /** Of the whole file. */
  size: number;
}

interface Part {
  start?: number;
  end?: number;
}

const asExcerpt = ({ bytes, size }: Read): Omit<Excerpt, "parts"> => ({
  text: new TextDecoder().decode(bytes),
  cut: size > bytes.length,
});

/** A file's bytes, or those from `start` on, or up to `end`; null where there is no such file. */
export const readBytes = (files: Files, path: string, part?: Part, signal?: AbortSignal) =>
  readPart(files.url(path), path, part, signal);

/** As `readBytes`, from an address; `path` is what messages call the file. */
export async function readPart(
  url: string,
  path: string,
  { start = 0, end }: Part = {},
  signal?: AbortSignal,
): Promise<Read | null> {
  const headers = { range: `bytes=${start}-${end === undefined ? "" : end - 1}` };
  const response = await fetch(url, { headers, signal }).catch((cause: unknown) => {
    throw asFailure(cause);
  });
  const size = Number(response.headers.get("content-range")?.split("/")[1] ?? 0);
  if (response.status === 404) return null;
  if (response.status === 416) return { bytes: new Uint8Array(), size };
  if (!response.ok) throw noFile(path, response.status);
  const bytes = new Uint8Array(await response.arrayBuffer());
  return { bytes, size: size || bytes.length };
}

/** A JSON file's content; null where there is no such file or it is no JSON. */
export function jsonFile(files: Files, path: string) {
  return queryOptions({
    queryKey: ["artifacts", files.id, path, "json"],
    queryFn: async ({ signal }): Promise<unknown> => {
      const read = await readBytes(files, path, { end: WHOLE }, signal);
      return read && readJson(new TextDecoder().decode(read.bytes));
    },
  });
}

/** A text file's content; null where the file is too large to be drawn whole. */
export function wholeText(files: Files, path: string) {
  return queryOptions({
    queryKey: ["artifacts", files.id, path, "all"],
    queryFn: async ({ signal }): Promise<string | null> => {
      const read = await readBytes(files, path, { end: WHOLE }, signal);
      if (!read) throw noFile(path, 404);
      return read.size > read.bytes.length ? null : new TextDecoder().decode(read.bytes);
    },
  });
}

/** A text file's content, at most its first mebibytes; null where there is no such file. */
export function textFile(files: Files, path: string) {
  return queryOptions({
    queryKey: ["artifacts", files.id, path, "whole"],
    queryFn: async ({ signal }): Promise<Omit<Excerpt, "parts"> | null> => {
      const read = await readBytes(files, path, { end: 4 * MOST }, signal);
      return read && asExcerpt(read);
    },
  });
}

const noFile = (path: string, status: number): ApiError =>
  new ApiError(
    "NO_FILE",
    status === 404 ? `There is no file '${path}'.` : `The file '${path}' cannot be read.`,
    status,
  );
