/** Where a run's origin stands among its files, and what they say. */

import { gunzip, readTar, type TarFile } from "@/lib/tar.ts";
import { readBytes } from "./artifacts.ts";
import { runFiles } from "./files.ts";

const ROOT = ".mlflow";

export const MANIFEST = `${ROOT}/source/manifest.json`;
export const DIFF = `${ROOT}/source/diff.patch`;
export const UNTRACKED = `${ROOT}/source/untracked.tar.gz`;
export const ENTRY = `${ROOT}/source/entry`;
export const PROCESS = `${ROOT}/environment/process.json`;
export const PACKAGES = `${ROOT}/environment/requirements.lock.txt`;

const MOST = 200 << 20; // bytes of an archive that are unpacked

export interface Manifest {
  commit?: string | null;
  branch?: string | null;
  remote?: string | null;
  skipped?: readonly unknown[];
  [part: string]: unknown;
}

export async function readUntracked(runId: string, signal?: AbortSignal): Promise<TarFile[]> {
  const read = await readBytes(runFiles(runId), UNTRACKED, {}, signal);
  return read ? readTar(await gunzip(read.bytes, MOST)) : [];
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
