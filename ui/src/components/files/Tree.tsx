import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { listing } from "@/api/artifacts.ts";
import type { Entry, Files } from "@/api/files.ts";
import { formatBytes } from "@/lib/format.ts";
import { Button } from "../Button.tsx";
import { Icon } from "../Icon.tsx";
import styles from "./Files.module.css";

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
  const [most, setMost] = useState(AT_ONCE);
  if (error) return <p role="alert">{error.message}</p>;
  const sorted = [...(data ?? [])].sort(
    (a, b) => Number(b.is_dir) - Number(a.is_dir) || a.path.localeCompare(b.path),
  );
  return (
    <ul>
      {sorted.slice(0, most).map((entry) => (
        <Branch
          key={entry.path}
          entry={entry}
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
            {(sorted.length - most).toLocaleString("en-US")} more
          </Button>
        </li>
      )}
    </ul>
  );
}

function Branch({ entry, depth = 0, ...tree }: TreeProps & { entry: Entry }) {
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
          title={name}
          onClick={() => (entry.is_dir ? setOpen(!open) : onChoose(entry.path))}
        >
          <Icon name={entry.is_dir ? (open ? "down" : "right") : iconOf(name)} size={15} />
          <span>{name}</span>
          {!entry.is_dir && entry.file_size !== null && entry.file_size !== undefined && (
            <small className="num">{formatBytes(entry.file_size)}</small>
          )}
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

export const iconOf = (name: string) =>
  /\.(png|jpe?g|gif|bmp|webp|svg)$/i.test(name)
    ? "image"
    : /\.(csv|tsv|parquet)$/i.test(name)
      ? "table"
      : "file";
