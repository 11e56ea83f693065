/** Files that are text: shown as a table, as laid-out JSON, as Markdown, as a page, or as they are. */
import { useQuery } from "@tanstack/react-query";
import { lazy, type ReactNode, Suspense, useMemo } from "react";
import { excerpt, wholeText } from "@/api/artifacts.ts";
import type { Files } from "@/api/files.ts";
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
  const { data, error, isPending, refetch } = useQuery(excerpt(files, path));
  const [{ src }, change] = useAddress();
  const source = src === "1";
  const laidOut = useMemo(
    () => (kind === "json" && data && !data.cut ? indented(data.text) : null),
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
            onChange={(value) => change({ src: value === "source" ? "1" : undefined })}
          />
        </div>
      )}
      {data.cut && (source || !(table || kind === "notebook" || kind === "map")) && (
        <p className={styles.cut}>This is the first mebibyte; download the file for the rest.</p>
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
  const { data, error } = useQuery(wholeText(files, path));
  if (error) return <Failed error={error} />;
  if (data === undefined) return <Skeleton />;
  if (data === null) return <Empty title="The file is too large to be drawn; download it" />;
  return <Suspense fallback={<Skeleton />}>{children(data)}</Suspense>;
}

/** JSON with a line a member, unless it is laid out already or is none. */
function indented(text: string): string | null {
  if (/^\s*[[{]\s*\n/.test(text)) return null;
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return null;
  }
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
