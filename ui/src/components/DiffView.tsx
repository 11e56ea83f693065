/** Changes as `git diff` tells them: files, hunks, lines. Long ones are folded until somebody asks. */
import { useState } from "react";
import { formatCount } from "@/lib/format.ts";
import type { FileDiff } from "@/lib/unifiedDiff.ts";
import { Button } from "./Button.tsx";
import styles from "./DiffView.module.css";

const MOST_LINES = 1000; // lines of a file that are drawn at once

const STATES: Record<FileDiff["state"], string> = {
  changed: "",
  added: "new",
  deleted: "deleted",
  renamed: "renamed",
  binary: "binary",
};

const MOST_OPEN = 3000; // lines of all files that are open at first

export function DiffView({ files }: { files: readonly FileDiff[] }) {
  let lines = 0;
  return (
    <div className={styles.files}>
      {files.map((file, at) => {
        lines += Math.min(file.added + file.removed, MOST_LINES);
        // biome-ignore lint/suspicious/noArrayIndexKey: a text of somebody's may name a file twice
        return <File key={at} file={file} atFirst={lines <= MOST_OPEN && file.state !== "deleted"} />;
      })}
    </div>
  );
}

/** One file's changes; what is closed is not drawn. */
function File({ file, atFirst }: { file: FileDiff; atFirst: boolean }) {
  const [most, setMost] = useState(MOST_LINES);
  const [open, setOpen] = useState(atFirst);
  const lines = !open
    ? []
    : file.hunks.flatMap((hunk, at) => [{ hunk, at }, ...hunk.lines.map((line) => ({ line }))]);
  return (
    <details className={styles.file} open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <span className={styles.path} title={file.path}>
          {file.from && `${file.from} → `}
          {file.path}
        </span>
        {STATES[file.state] && <small>{STATES[file.state]}</small>}
        <span className={`${styles.sum} num`}>
          <b data-kind="added">+{file.added}</b> <b data-kind="removed">−{file.removed}</b>
        </span>
      </summary>
      {lines.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        <section className={styles.lines} aria-label={`Changes of ${file.path}`} tabIndex={0}>
          <table>
            <tbody>
              {lines.slice(0, most).map((entry, at) =>
                "hunk" in entry ? (
                  // biome-ignore lint/suspicious/noArrayIndexKey: lines have no identity
                  <tr key={at} className={styles.hunk}>
                    <td />
                    <td />
                    <td>{entry.hunk?.title || "…"}</td>
                  </tr>
                ) : (
                  // biome-ignore lint/suspicious/noArrayIndexKey: lines have no identity
                  <tr key={at} data-kind={entry.line.kind}>
                    <td className="num">{entry.line.before}</td>
                    <td className="num">{entry.line.after}</td>
                    <td>
                      <i aria-hidden="true">{{ same: " ", added: "+", removed: "−" }[entry.line.kind]}</i>
                      {entry.line.kind !== "same" && <span className="sr-only">{entry.line.kind}: </span>}
                      {entry.line.text}
                    </td>
                  </tr>
                ),
              )}
            </tbody>
          </table>
        </section>
      )}
      {lines.length > most && (
        <Button look="quiet" onClick={() => setMost(most + 10 * MOST_LINES)}>
          {formatCount(lines.length - most)} more lines
        </Button>
      )}
    </details>
  );
}
