/** Files that are text: shown as a table, as laid-out JSON, as Markdown, as a page, or as they are. */
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { excerpt, fileUrl } from "@/api/artifacts.ts";
import { Code } from "@/components/Code.tsx";
import { Markdown } from "@/components/Markdown.tsx";
import { Segmented } from "@/components/Segmented.tsx";
import { Empty, Failed, Skeleton } from "@/components/State.tsx";
import styles from "./ArtifactsPage.module.css";
import { HtmlFile } from "./HtmlFile.tsx";
import { type FileKind, isText, looksLogged } from "./kinds.ts";
import { TableFile } from "./TableFile.tsx";

interface WrittenProps {
  runId: string;
  path: string;
  kind: FileKind;
}

export function Written({ runId, path, kind }: WrittenProps) {
  const { data, error, isPending, refetch } = useQuery(excerpt(runId, path));
  const [source, setSource] = useState(false);
  const laidOut = useMemo(
    () => (kind === "json" && data && !data.cut ? indented(data.text) : null),
    [kind, data],
  );
  if (isPending) return <Skeleton />;
  if (error) return <Failed error={error} retry={() => refetch()} />;
  if (!isText(data.text)) return <Empty title="No preview of this kind of file" />;
  const logged = kind === "json" && looksLogged(data.text);
  const rendered = kind === "html" || kind === "markdown" || logged;
  return (
    <>
      {rendered && (
        <div className={styles.pages}>
          <Segmented
            label="How to show it"
            value={source ? "source" : "view"}
            options={[
              ["view", kind === "html" ? "Page" : logged ? "Table" : "Text"],
              ["source", "Source"],
            ]}
            onChange={(value) => setSource(value === "source")}
          />
        </div>
      )}
      {data.cut && !(logged && !source) && (
        <p className={styles.cut}>This is the first mebibyte; download the file for the rest.</p>
      )}
      {rendered && !source ? (
        kind === "html" ? (
          <HtmlFile runId={runId} path={path} text={data.text} />
        ) : logged ? (
          <TableFile runId={runId} path={path} />
        ) : (
          <Markdown text={data.text} picture={(name) => fileUrl(runId, beside(path, name))} />
        )
      ) : (
        <Code text={laidOut ?? data.text} name={path} />
      )}
    </>
  );
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
