/** Files that are text: shown as a table, as laid-out JSON, as a page without scripts, or as they are. */
import { useQuery } from "@tanstack/react-query";
import { type Excerpt, excerpt } from "@/api/artifacts.ts";
import { Empty, Failed, Skeleton } from "@/components/State.tsx";
import { parseCsv } from "@/lib/csv.ts";
import styles from "./ArtifactsPage.module.css";
import { type FileKind, isText, loggedTable, type TableText } from "./kinds.ts";

const MOST_ROWS = 1000;

interface WrittenProps {
  runId: string;
  path: string;
  kind: FileKind;
}

export function Written({ runId, path, kind }: WrittenProps) {
  const { data, error, isPending, refetch } = useQuery(excerpt(runId, path));
  if (isPending) return <Skeleton />;
  if (error) return <Failed error={error} retry={() => refetch()} />;
  if (!isText(data.text)) return <Empty title="No preview of this kind of file" />;
  return (
    <>
      {data.cut && <p className={styles.cut}>This is the first mebibyte; download the file for the rest.</p>}
      <Shown excerpt={data} path={path} kind={kind} />
    </>
  );
}

function Shown({ excerpt: { text, cut }, path, kind }: { excerpt: Excerpt; path: string; kind: FileKind }) {
  if (kind === "html") return <Page text={text} path={path} />;
  if (kind === "table") {
    const [head = [], ...rows] = parseCsv(text, /\.tsv$/i.test(path) ? "\t" : ",", MOST_ROWS + 1, cut);
    return <Table head={head} rows={rows} />;
  }
  if (kind === "json" && !cut) {
    const value = parsed(text);
    const table = loggedTable(value, MOST_ROWS);
    if (table) return <Table {...table} />;
    if (value !== undefined) return <Plain text={JSON.stringify(value, null, 2)} />;
  }
  return <Plain text={text} />;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function Plain({ text }: { text: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <pre className={styles.text} tabIndex={0}>
      {text}
    </pre>
  );
}

/** The page has no origin and may do nothing: no scripts, forms or requests. */
function Page({ text, path }: { text: string; path: string }) {
  return (
    <>
      <p className={styles.cut}>Scripts of this page do not run here; download it to see all of it.</p>
      <iframe className={styles.frame} sandbox="" srcDoc={text} title={path} />
    </>
  );
}

function Table({ head, rows }: TableText) {
  const lines = rows.map((row, at) => ({ id: at, row }));
  return (
    <>
      {rows.length >= MOST_ROWS && (
        <p className={styles.cut}>These are the first {MOST_ROWS.toLocaleString("en-US")} rows.</p>
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <div className={styles.table} tabIndex={0}>
        <table>
          <thead>
            <tr>
              {head.map((title, at) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: columns may share a title
                <th key={at} scope="col">
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {lines.map(({ id, row }) => (
              <tr key={id}>
                {row.map((cell, at) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: cells have no identity
                  <td key={at} title={cell}>
                    {cell}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
