/** Text as `git diff` writes it, cut into files and hunks. */

type DiffLine = {
  kind: "same" | "added" | "removed";
  text: string;
  before: number | null;
  after: number | null;
};

interface Hunk {
  title: string;
  lines: DiffLine[];
}

export interface FileDiff {
  path: string;
  /** Where the file was before, if it moved. */
  from: string | null;
  state: "changed" | "added" | "deleted" | "renamed" | "binary";
  added: number;
  removed: number;
  hunks: Hunk[];
}

export function parseDiff(text: string): FileDiff[] {
  const files: FileDiff[] = [];
  let file: FileDiff | null = null;
  let hunk: Hunk | null = null;
  let [before, after] = [0, 0];
  for (const line of text.split("\n")) {
    if (line.startsWith("diff --git ")) {
      file = { path: named(line), from: null, state: "changed", added: 0, removed: 0, hunks: [] };
      files.push(file);
      hunk = null;
    } else if (!file) continue;
    else if (line.startsWith("@@ ")) {
      const place = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@(.*)$/.exec(line);
      [before, after] = [Number(place?.[1] ?? 1), Number(place?.[2] ?? 1)];
      hunk = { title: (place?.[3] ?? "").trim(), lines: [] };
      file.hunks.push(hunk);
    } else if (!hunk) readHead(file, line);
    else if (line.startsWith("+")) {
      hunk.lines.push({ kind: "added", text: line.slice(1), before: null, after });
      file.added += 1;
      after += 1;
    } else if (line.startsWith("-")) {
      hunk.lines.push({ kind: "removed", text: line.slice(1), before, after: null });
      file.removed += 1;
      before += 1;
    } else if (line.startsWith(" ")) {
      hunk.lines.push({ kind: "same", text: line.slice(1), before, after });
      before += 1;
      after += 1;
    }
  }
  return files;
}

function readHead(file: FileDiff, line: string): void {
  if (line.startsWith("new file")) file.state = "added";
  else if (line.startsWith("deleted file")) file.state = "deleted";
  else if (line.startsWith("rename from ")) {
    file.state = "renamed";
    file.from = line.slice("rename from ".length);
  } else if (line.startsWith("GIT binary patch") || line.startsWith("Binary files")) file.state = "binary";
}

/** `diff --git a/x b/x`; names with special characters are quoted as in C. */
function named(line: string): string {
  const quoted = /"b\/((?:[^"\\]|\\.)*)"$/.exec(line);
  if (quoted?.[1] !== undefined) return quoted[1].replace(/\\(["\\])/g, "$1");
  const half = (line.length - "diff --git ".length - 1) / 2;
  const same = line.slice(-half);
  if (same.startsWith("b/") && line.slice(11, 11 + half).slice(2) === same.slice(2)) return same.slice(2);
  return line.slice(line.lastIndexOf(" b/") + 3);
}
