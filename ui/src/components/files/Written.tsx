/** Files that are text: shown as a table, as laid-out JSON, as Markdown, as a page, or as they are. */
import { useQuery } from "@tanstack/react-query";
import { lazy, type ReactNode, Suspense, useMemo } from "react";
import { excerpt, wholeText } from "@/api/artifacts.ts";
import type { Files } from "@/api/files.ts";
import { formatCount } from "@/lib/format.ts";
import { layJson } from "@/lib/layJson.ts";
import { Button, IconButton } from "../Button.tsx";
import { Code } from "../Code.tsx";
import { Markdown } from "../Markdown.tsx";
import { Segmented } from "../Segmented.tsx";
import { Empty, Failed, Skeleton } from "../State.tsx";
import { useAddress } from "../useAddress.ts";
import styles from "./Files.module.css";
import { HtmlFile } from "./HtmlFile.tsx";
import { type FileKind, isText, looksListed, looksLogged } from "./kinds.ts";
import { TableFile } from "./TableFile.tsx";

const NotebookFile = lazy(() =>
  import("./NotebookFile.tsx").then(({ NotebookFile }) => ({ default: NotebookFile })),
);
const MapFile = lazy(() => import("./MapFile.tsx").then(({ MapFile }) => ({ default: MapFile })));

interface WrittenProps {
  files: Files;
  path: string;
  kind: FileKind;
}

export function Written({ files, path, kind }: WrittenProps) {
  const [{ src, fb }, change] = useAddress();
  const source = src === "1";
  const part = Math.max(0, Math.floor(Number(fb)) || 0);
  const { data, error, isPending, refetch } = useQuery(excerpt(files, path, part));
  const laidOut = useMemo(
    () => (kind === "json" && data && !data.cut ? layJson(data.text) : null),
    [kind, data],
  );
  if (isPending) return <Skeleton />;
  if (error) return <Failed error={error} retry={() => refetch()} />;
  if (!isText(data.text)) return <Empty title="No preview of this kind of file" />;
  const table = kind === "json" && (looksLogged(data.text) || looksListed(data.text));
  const rendered = table || (kind !== "json" && kind !== "text");
  return (
    <>
      {rendered && (
        <div className={styles.pages}>
          <Segmented
            label="How to show it"
            value={source ? "source" : "view"}
            options={[
              ["view", table ? "Table" : (VIEWS[kind] ?? "Text")],
              ["source", "Source"],
            ]}
            onChange={(value) => change({ src: value === "source" ? "1" : undefined, fb: undefined })}
          />
        </div>
      )}
      {data.cut && (source || !rendered) && (
        <Parts part={part} parts={data.parts} onPart={(to) => change({ fb: to ? String(to) : undefined })} />
      )}
      {data.cut && !source && (kind === "markdown" || kind === "html") && (
        <p className={styles.cut}>This is the first mebibyte; its source, and the file, have the rest.</p>
      )}
      {rendered && !source ? (
        table ? (
          <TableFile files={files} path={path} />
        ) : (
          <Drawn files={files} path={path} kind={kind} text={data.text} />
        )
      ) : (
        <Code text={laidOut ?? data.text} name={path} />
      )}
    </>
  );
}

interface PartsProps {
  part: number;
  parts: number;
  onPart: (part: number) => void;
}

/** Goes through a long text a mebibyte at a time. */
function Parts({ part, parts, onPart }: PartsProps) {
  return (
    <div className={styles.pages}>
      <span className="num" role="status">
        Mebibyte {formatCount(part + 1)} of {formatCount(parts)}
      </span>
      <IconButton
        icon="left"
        label="The part before"
        disabled={part === 0}
        onClick={() => onPart(part - 1)}
      />
      <IconButton
        icon="right"
        label="The next part"
        disabled={part >= parts - 1}
        onClick={() => onPart(part + 1)}
      />
      <Button disabled={part >= parts - 1} onClick={() => onPart(parts - 1)}>
        To the end
      </Button>
    </div>
  );
}

const VIEWS: Partial<Record<FileKind, string>> = { html: "Page", notebook: "Notebook", map: "Map" };

function Drawn({ files, path, kind, text }: WrittenProps & { text: string }) {
  switch (kind) {
    case "html":
      return <HtmlFile files={files} path={path} text={text} />;
    case "notebook":
      return (
        <Whole files={files} path={path}>
          {(all) => <NotebookFile text={all} />}
        </Whole>
      );
    case "map":
      return (
        <Whole files={files} path={path}>
          {(all) => <MapFile text={all} name={path} />}
        </Whole>
      );
    default:
      return <Markdown text={text} picture={(name) => files.url(beside(path, name))} />;
  }
}

/** What makes sense only as a whole file: its text, up to a limit. */
function Whole({
  files,
  path,
  children,
}: Omit<WrittenProps, "kind"> & { children: (text: string) => ReactNode }) {
  const { data, error, refetch } = useQuery(wholeText(files, path));
  if (error) return <Failed error={error} retry={() => refetch()} />;
  if (data === undefined) return <Skeleton />;
  if (data === null) return <Empty title="The file is too large to be drawn; download it" />;
  return <Suspense fallback={<Skeleton />}>{children(data)}</Suspense>;
}

/** A path as a file in the same folder names it. */
function beside(path: string, name: string): string {
  const parts = path.split("/").slice(0, -1);
  for (const part of name.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== ".") parts.push(part);
  }
  return parts.join("/");
}
