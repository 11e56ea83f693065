/** Files as a tree, and the chosen one shown beside it. */
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useRef } from "react";
import { listing } from "@/api/artifacts.ts";
import type { Files } from "@/api/files.ts";
import { plural } from "@/lib/format.ts";
import { useShortcuts } from "@/lib/shortcuts.ts";
import { useSettled } from "@/lib/useSettled.ts";
import { Field } from "../Field.tsx";
import { Icon } from "../Icon.tsx";
import { Empty, Failed, Skeleton } from "../State.tsx";
import { useAddress } from "../useAddress.ts";
import styles from "./Files.module.css";
import { FoundFiles } from "./FoundFiles.tsx";
import { Tree } from "./Tree.tsx";
import { moveInTree, stepFile } from "./treeKeys.ts";
import { Viewer } from "./Viewer.tsx";

interface FileBrowserProps {
  files: Files;
  /** The chosen file; empty while there is none. */
  path: string;
  onChoose: (path: string) => void;
  /** Stands there while there are no files. */
  empty: ReactNode;
}

export function FileBrowser({ files, path, onChoose, empty }: FileBrowserProps) {
  const { data: top, error, isPending, refetch } = useQuery(listing(files, ""));
  const [{ ff: text = "" }, change] = useAddress();
  const wanted = useSettled(text.trim(), 150);
  const tree = useRef<HTMLDivElement>(null);
  useShortcuts({
    "[": () => stepFile(tree.current, path, -1),
    "]": () => stepFile(tree.current, path, 1),
  });
  if (isPending) return <Skeleton />;
  if (error) return <Failed error={error} retry={() => refetch()} />;
  if (top.length === 0) return empty;
  return (
    <div className={styles.page}>
      <nav className={styles.side} aria-label="Files" onKeyDown={moveInTree}>
        <div className={styles.find}>
          <Field
            label="Find a file"
            icon="search"
            type="search"
            shortcut="/"
            value={text}
            onChange={(event) => change({ ff: event.target.value || undefined })}
          />
        </div>
        <div ref={tree} className={styles.tree}>
          {wanted ? (
            <FoundFiles files={files} text={wanted} chosen={path} onChoose={onChoose} />
          ) : (
            <Tree files={files} path="" chosen={path} onChoose={onChoose} />
          )}
        </div>
        <a className={styles.all} href={files.zipUrl("")} download>
          <Icon name="download" /> Download all as a ZIP file
        </a>
      </nav>
      <section className={styles.viewer} aria-label="File">
        {path ? (
          <Viewer key={path} files={files} path={path} />
        ) : (
          <Empty title="Choose a file">
            <p>{plural(top.length, "entry", "entries")} at the top.</p>
          </Empty>
        )}
      </section>
    </div>
  );
}
