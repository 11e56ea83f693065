/** The files of all compared runs as one tree, and the chosen one of each run side by side or as a difference. */
import { useQueries, useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { listing, textFile } from "@/api/artifacts.ts";
import { type Entry, runFiles } from "@/api/files.ts";
import type { Run } from "@/api/runs.ts";
import tree from "@/components/files/Files.module.css";
import { isText, kindOf } from "@/components/files/kinds.ts";
import { Preview } from "@/components/files/Viewer.tsx";
import { Icon } from "@/components/Icon.tsx";
import { More, useSome } from "@/components/More.tsx";
import { Segmented } from "@/components/Segmented.tsx";
import { Empty, Failed, Skeleton } from "@/components/State.tsx";
import { byName } from "@/lib/byName.ts";
import styles from "./CompareFiles.module.css";
import type { Compared } from "./useCompared.ts";

const MergeView = lazy(() =>
  import("@/components/code/MergeView.tsx").then(({ MergeView }) => ({ default: MergeView })),
);
const SOME = 200; // entries of a folder
const MOST = 4; // files that are drawn side by side
const NO_TEXT = new Set(["image", "pdf", "audio", "video", "binary", "table"]);

export function CompareFiles({ compared }: { compared: Compared }) {
  const { runs, search, change } = compared;
  const path = search.f ?? "";
  return (
    <section className={styles.page} aria-label="Files">
      <nav className={styles.side} aria-label="Files of the runs">
        <Folder runs={runs} path="" chosen={path} onChoose={(f) => change({ f })} />
      </nav>
      {path ? (
        <Chosen key={path} compared={compared} path={path} />
      ) : (
        <Empty title="Choose a file">
          <p>The figure behind a name tells how many of the runs have it.</p>
        </Empty>
      )}
    </section>
  );
}

interface FolderProps {
  runs: readonly Run[];
  path: string;
  chosen: string;
  onChoose: (path: string) => void;
  depth?: number;
}

interface Merged {
  entry: Entry;
  name: string;
  count: number;
}

function Folder({ runs, path, chosen, onChoose, depth = 0 }: FolderProps) {
  const found = useQueries({ queries: runs.map(({ id }) => listing(runFiles(id), path)) });
  const merged = new Map<string, Merged>();
  for (const entry of found.flatMap(({ data }) => data ?? [])) {
    const name = entry.path.slice(entry.path.lastIndexOf("/") + 1);
    merged.set(entry.path, { entry, name, count: (merged.get(entry.path)?.count ?? 0) + 1 });
  }
  const sorted = [...merged.values()].sort(
    (a, b) => Number(b.entry.is_dir) - Number(a.entry.is_dir) || byName(a.name, b.name),
  );
  const [shown, more] = useSome(sorted, SOME);
  const error = found.find((one) => one.error)?.error;
  if (error) {
    return (
      <p className={styles.none} role="alert">
        {error.message}
      </p>
    );
  }
  if (depth === 0 && sorted.length === 0) {
    return found.some(({ isPending }) => isPending) ? (
      <Skeleton rows={4} />
    ) : (
      <p className={styles.none}>These runs have no files.</p>
    );
  }
  return (
    <ul>
      {shown.map((one) => (
        <Branch
          key={one.entry.path}
          {...one}
          runs={runs}
          path={path}
          chosen={chosen}
          onChoose={onChoose}
          depth={depth}
        />
      ))}
      {more && (
        <li>
          <More shown={shown.length} all={sorted.length} onMore={more} hint="folders come first." />
        </li>
      )}
    </ul>
  );
}

function Branch({ entry, name, count, depth = 0, ...folder }: FolderProps & Merged) {
  const { runs, chosen, onChoose } = folder;
  const [open, setOpen] = useState(chosen.startsWith(`${entry.path}/`));
  return (
    <li>
      <button
        type="button"
        className={tree.entry}
        style={{ paddingLeft: 8 + depth * 16 }}
        aria-expanded={entry.is_dir ? open : undefined}
        aria-current={entry.path === chosen}
        onClick={() => (entry.is_dir ? setOpen(!open) : onChoose(entry.path))}
      >
        <Icon name={entry.is_dir ? (open ? "down" : "right") : "file"} size={15} />
        <span title={entry.path}>{name}</span>
        {count < runs.length && (
          <small className="num" title={`${count} of ${runs.length} runs have it`}>
            {count}
          </small>
        )}
      </button>
      {entry.is_dir && open && <Folder {...folder} path={entry.path} depth={depth + 1} />}
    </li>
  );
}

function Chosen({
  compared: { runs, reference, search, change },
  path,
}: {
  compared: Compared;
  path: string;
}) {
  const folder = path.slice(0, Math.max(0, path.lastIndexOf("/")));
  const found = useQueries({ queries: runs.map(({ id }) => listing(runFiles(id), folder)) });
  const difference = search.d === "1";
  const holders = runs.filter((_, at) => found[at]?.data?.some((entry) => entry.path === path));
  const before = holders.find(({ id }) => id === reference?.id) ?? holders[0];
  const after = holders.find(({ id }) => id !== before?.id);
  const failed = found.find((one) => one.error);
  if (failed?.error) return <Failed error={failed.error} retry={() => void failed.refetch()} />;
  if (found.some(({ isPending }) => isPending)) return <Skeleton />;
  if (holders.length === 0) return <Empty title={`None of these runs has ${path}`} />;
  return (
    <div className={tree.viewer}>
      <header className={tree.head}>
        <h2 title={path}>{path}</h2>
        {before && after && !NO_TEXT.has(kindOf(path)) && (
          <Segmented
            label="How to show it"
            value={difference ? "difference" : "beside"}
            options={[
              ["beside", "Side by side"],
              ["difference", "Difference"],
            ]}
            onChange={(to) => change({ d: to === "difference" ? "1" : undefined })}
          />
        )}
      </header>
      {difference && before && after ? (
        <TextDifference before={before} after={after} path={path} />
      ) : (
        <div className={styles.beside}>
          {holders.slice(0, MOST).map((run) => (
            <section key={run.id} aria-label={`${path} of ${run.name || run.id}`}>
              <h3>{run.name || run.id}</h3>
              <Preview files={runFiles(run.id)} path={path} />
            </section>
          ))}
        </div>
      )}
      {holders.length > MOST && !difference && (
        <p className={styles.none}>{holders.length - MOST} more runs have this file.</p>
      )}
    </div>
  );
}

function TextDifference({ before, after, path }: { before: Run; after: Run; path: string }) {
  const read = [useQuery(textFile(runFiles(before.id), path)), useQuery(textFile(runFiles(after.id), path))];
  const failed = read.find((one) => one.error);
  if (failed?.error) return <Failed error={failed.error} retry={() => void failed.refetch()} />;
  if (read.some(({ isPending }) => isPending)) return <Skeleton />;
  const [from, to] = read.map(({ data }) => data);
  if (!from || !to) return <Empty title="One of the runs has no such file any more" />;
  if (!isText(from.text) || !isText(to.text)) return <Empty title="These files are no text" />;
  if (from.text === to.text) return <Empty title="The files are equal" />;
  return (
    <>
      <p className={styles.none}>
        {before.name || before.id} → {after.name || after.id}
      </p>
      <Suspense fallback={<Skeleton />}>
        <MergeView before={from.text} after={to.text} name={path} />
      </Suspense>
    </>
  );
}
