/** Files whose path contains a text, of all folders. */
import { useQuery } from "@tanstack/react-query";
import { everyFile } from "@/api/everyFile.ts";
import type { Files } from "@/api/files.ts";
import { plural } from "@/lib/format.ts";
import { Icon } from "../Icon.tsx";
import { Skeleton } from "../State.tsx";
import styles from "./Files.module.css";
import { iconOf } from "./Tree.tsx";

const MOST = 200;

interface FoundFilesProps {
  files: Files;
  text: string;
  chosen: string;
  onChoose: (path: string) => void;
}

export function FoundFiles({ files, text, chosen, onChoose }: FoundFilesProps) {
  const { data, error } = useQuery(everyFile(files));
  if (error) return <p role="alert">{error.message}</p>;
  if (!data) return <Skeleton rows={4} />;
  const wanted = text.toLowerCase();
  const found = data.files.filter(({ path }) => path.toLowerCase().includes(wanted));
  return (
    <>
      <ul>
        {found.slice(0, MOST).map(({ path }) => (
          <li key={path}>
            <button
              type="button"
              className={styles.entry}
              data-entry={path}
              aria-current={path === chosen}
              title={path}
              onClick={() => onChoose(path)}
            >
              <Icon name={iconOf(path)} size={15} />
              <span className="cut">{path}</span>
            </button>
          </li>
        ))}
      </ul>
      <p className={styles.found} role="status">
        {found.length ? plural(found.length, "file") : "No file has that in its path"}
        {found.length > MOST ? `, the first ${MOST} are shown` : ""}
        {data.cut ? "; only a part of the folders was looked at" : ""}.
      </p>
    </>
  );
}
