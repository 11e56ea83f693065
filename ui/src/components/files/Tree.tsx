import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import { listing } from "@/api/artifacts.ts";
import type { Entry, Files } from "@/api/files.ts";
import { byName } from "@/lib/byName.ts";
import { formatAgo, formatBytes, formatCount, formatTime, plural } from "@/lib/format.ts";
import { placeInSeries } from "@/lib/mediaSeries.ts";
import { useNow } from "@/lib/useNow.ts";
import { Button } from "../Button.tsx";
import { Icon, type IconName } from "../Icon.tsx";
import { Skeleton } from "../State.tsx";
import styles from "./Files.module.css";
import { type FileKind, kindOf } from "./kinds.ts";

const AT_ONCE = 200; // entries of a folder that are drawn before somebody asks for more

interface TreeProps {
  files: Files;
  path: string;
  chosen: string;
  onChoose: (path: string) => void;
  depth?: number;
}

/** One folder's entries; folders are read when they are opened. */
export function Tree({ files, path, chosen, onChoose, depth = 0 }: TreeProps) {
  const { data, error } = useQuery(listing(files, path));
  const now = useNow();
  const [most, setMost] = useState(AT_ONCE);
  const { series, sorted } = useMemo(() => apart(data ?? []), [data]);
  if (error) return <p role="alert">{error.message}</p>;
  if (!data) return <Skeleton rows={2} />;
  if (data.length === 0) return <p className={styles.found}>Empty</p>;
  return (
    <ul>
      {series.map(([key, entries]) => (
        <Series key={key} name={key} {...{ entries, chosen, onChoose, depth }} />
      ))}
      {sorted.slice(0, most).map((entry) => (
        <Branch
          key={entry.path}
          entry={entry}
          now={now}
          files={files}
          path={path}
          chosen={chosen}
          onChoose={onChoose}
          depth={depth}
        />
      ))}
      {sorted.length > most && (
        <li>
          <Button look="quiet" onClick={() => setMost(most + 10 * AT_ONCE)}>
            {formatCount(sorted.length - most)} more
          </Button>
        </li>
      )}
    </ul>
  );
}

function Branch({ entry, now, depth = 0, ...tree }: TreeProps & { entry: Entry; now: number }) {
  const { files, chosen, onChoose } = tree;
  const inside = chosen.startsWith(`${entry.path}/`);
  const [open, setOpen] = useState(inside);
  useEffect(() => {
    if (inside) setOpen(true);
  }, [inside]);
  const name = entry.path.slice(entry.path.lastIndexOf("/") + 1);
  return (
    <li>
      <div className={styles.line}>
        <button
          type="button"
          className={styles.entry}
          data-entry={entry.path}
          style={{ paddingLeft: 8 + depth * 16 }}
          aria-expanded={entry.is_dir ? open : undefined}
          aria-current={entry.path === chosen}
          title={entry.modified ? `${name}, changed ${formatTime(entry.modified)}` : name}
          onClick={() => (entry.is_dir ? setOpen(!open) : onChoose(entry.path))}
        >
          <Icon name={entry.is_dir ? (open ? "down" : "right") : iconOf(name)} size={15} />
          <span className="cut">{name}</span>
          {!entry.is_dir && entry.file_size !== null && entry.file_size !== undefined && (
            <small className="num">{formatBytes(entry.file_size)}</small>
          )}
          {entry.modified && <small className={styles.when}>{formatAgo(entry.modified, now)}</small>}
        </button>
        {entry.is_dir && (
          <a
            className={styles.zip}
            href={files.zipUrl(entry.path)}
            download
            aria-label={`Download ${name} as a ZIP file`}
            title="Download as a ZIP file"
          >
            <Icon name="download" size={14} />
          </a>
        )}
      </div>
      {entry.is_dir && open && <Tree {...tree} path={entry.path} depth={depth + 1} />}
    </li>
  );
}

/** Pictures over steps by their keys, and the other entries of a folder, its folders first. */
function apart(entries: readonly Entry[]): { series: [string, Entry[]][]; sorted: Entry[] } {
  const byKey = Map.groupBy(
    entries,
    ({ path, is_dir }) => (is_dir ? null : placeInSeries(path)?.key) ?? null,
  );
  const others = byKey.get(null) ?? [];
  byKey.delete(null);
  const series = [...byKey].sort(([a], [b]) => byName(a ?? "", b ?? ""));
  const sorted = others.sort((a, b) => Number(b.is_dir) - Number(a.is_dir) || byName(a.path, b.path));
  return { series: series as [string, Entry[]][], sorted };
}

interface SeriesProps extends Pick<TreeProps, "chosen" | "onChoose"> {
  name: string;
  entries: Entry[];
  depth: number;
}

/** One entry for all pictures of a key; it opens to them, by step. */
function Series({ name, entries, chosen, onChoose, depth }: SeriesProps) {
  const inside = entries.some(({ path }) => path === chosen);
  const [open, setOpen] = useState(inside);
  const [most, setMost] = useState(AT_ONCE);
  useEffect(() => {
    if (inside) setOpen(true);
  }, [inside]);
  const files = useMemo(
    () =>
      entries
        .map(({ path }) => ({ path, ...placeInSeries(path) }))
        .sort((a, b) => (a.step ?? 0) - (b.step ?? 0) || byName(a.path, b.path)),
    [entries],
  );
  const steps = new Set(files.map(({ step }) => step)).size;
  return (
    <li>
      <button
        type="button"
        className={styles.entry}
        data-entry={`images/${name}`}
        style={{ paddingLeft: 8 + depth * 16 }}
        aria-expanded={open}
        title={name}
        onClick={() => setOpen(!open)}
      >
        <Icon name={open ? "down" : "right"} size={15} />
        <span className="cut">{name}</span>
        <small className="num">{plural(steps, "step")}</small>
      </button>
      {open && (
        <ul>
          {files.slice(0, most).map(({ path, label }) => (
            <li key={path}>
              <button
                type="button"
                className={styles.entry}
                data-entry={path}
                style={{ paddingLeft: 24 + depth * 16 }}
                aria-current={path === chosen}
                title={path}
                onClick={() => onChoose(path)}
              >
                <Icon name="image" size={15} />
                <span className="cut">{label}</span>
              </button>
            </li>
          ))}
          {files.length > most && (
            <li>
              <Button look="quiet" onClick={() => setMost(most + 10 * AT_ONCE)}>
                {formatCount(files.length - most)} more
              </Button>
            </li>
          )}
        </ul>
      )}
    </li>
  );
}

const ICONS: Partial<Record<FileKind, IconName>> = { image: "image", table: "table" };

export const iconOf = (name: string): IconName => ICONS[kindOf(name)] ?? "file";
