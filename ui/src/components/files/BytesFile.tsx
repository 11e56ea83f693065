/** The first bytes of a file that is no text; of a NumPy array also what it holds. */
import { queryOptions, useQuery } from "@tanstack/react-query";
import { readBytes } from "@/api/artifacts.ts";
import type { Files } from "@/api/files.ts";
import { arrayHead, hexLines } from "@/lib/bytes.ts";
import { formatBytes } from "@/lib/format.ts";
import { Empty, Failed, Skeleton } from "../State.tsx";
import styles from "./Files.module.css";

const MOST = 4096; // bytes that are shown

const firstBytes = (files: Files, path: string) =>
  queryOptions({
    queryKey: ["artifacts", files.id, path, "bytes"],
    queryFn: ({ signal }) => readBytes(files, path, { end: MOST }, signal),
  });

export function BytesFile({ files, path }: { files: Files; path: string }) {
  const { data, error, isPending, refetch } = useQuery(firstBytes(files, path));
  if (isPending) return <Skeleton />;
  if (error) return <Failed error={error} retry={() => refetch()} />;
  if (!data) return <Empty title="There is no such file" />;
  const head = arrayHead(data.bytes);
  return (
    <div className={styles.bytes}>
      <p>
        {head && (
          <b>
            Array of {head.dtype}, shape ({head.shape.join(", ")}
            {head.shape.length === 1 ? "," : ""}), {head.order} order.{" "}
          </b>
        )}
        {data.size > data.bytes.length
          ? `The first ${formatBytes(data.bytes.length)} of ${formatBytes(data.size)}.`
          : `${formatBytes(data.bytes.length)}.`}
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <section className={styles.zoomed} tabIndex={0} aria-label="Bytes">
        <pre>
          {hexLines(data.bytes).map(({ offset, hex, text }) => (
            <span key={offset}>
              <i>{offset}</i> {hex.padEnd(47)} {text}
              {"\n"}
            </span>
          ))}
        </pre>
      </section>
    </div>
  );
}
