/** All files of a place, folder by folder, for looking them up by name. */
import { type QueryClient, queryOptions } from "@tanstack/react-query";
import { listing } from "./artifacts.ts";
import type { Entry, Files } from "./files.ts";

interface EveryFile {
  files: Entry[];
  /** Whether there are more than were looked at. */
  cut: boolean;
}

const MOST_FOLDERS = 500;
const MOST_FILES = 20_000;
const AT_ONCE = 6; // folders that are read at the same time

export function everyFile(files: Files) {
  return queryOptions({
    queryKey: ["artifacts", files.id, "", "every"],
    queryFn: ({ client }) => walk(client, files),
  });
}

async function walk(client: QueryClient, files: Files): Promise<EveryFile> {
  const found: Entry[] = [];
  let folders = [""];
  let read = 0;
  while (folders.length && read < MOST_FOLDERS && found.length < MOST_FILES) {
    const now = folders.slice(0, Math.min(AT_ONCE, MOST_FOLDERS - read));
    read += now.length;
    const pages = await Promise.all(now.map((path) => client.fetchQuery(listing(files, path))));
    const entries = pages.flat();
    found.push(...entries.filter(({ is_dir }) => !is_dir));
    folders = [
      ...folders.slice(now.length),
      ...entries.flatMap(({ is_dir, path }) => (is_dir ? [path] : [])),
    ];
  }
  return { files: found, cut: folders.length > 0 };
}
