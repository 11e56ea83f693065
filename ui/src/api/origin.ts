/** Where a run's origin stands among its files, and what they say. */

import { gunzip, readTar, type TarFile, tooLarge } from "@/lib/tar.ts";
import { readBytes } from "./artifacts.ts";
import { runFiles } from "./files.ts";

const ROOT = ".mlflow";

export const MANIFEST = `${ROOT}/source/manifest.json`;
export const DIFF = `${ROOT}/source/diff.patch`;
export const UNTRACKED = `${ROOT}/source/untracked.tar.gz`;
export const ENTRY = `${ROOT}/source/entry`;
export const PROCESS = `${ROOT}/environment/process.json`;
export const PACKAGES = `${ROOT}/environment/requirements.lock.txt`;

const MOST = 200 << 20; // bytes of an archive that are read, and that it may hold

export async function readUntracked(runId: string, signal?: AbortSignal): Promise<TarFile[]> {
  const read = await readBytes(runFiles(runId), UNTRACKED, { end: MOST }, signal);
  if (!read) return [];
  if (read.size > read.bytes.length) throw tooLarge();
  return readTar(await gunzip(read.bytes, MOST));
}

export interface Package {
  name: string;
  version: string;
}

/** Lines `name==version`, `name @ url`, `-e path`. */
export function parsePackages(text: string): Package[] {
  return text.split("\n").flatMap((line) => {
    const [, name, pinned, url] = /^([\w.[\],-]+)\s*(?:==\s*(\S+)|@\s*(.+))/.exec(line) ?? [];
    if (name) return [{ name, version: pinned ?? url ?? "" }];
    return line.startsWith("-e ") ? [{ name: line.slice(3), version: "editable" }] : [];
  });
}
