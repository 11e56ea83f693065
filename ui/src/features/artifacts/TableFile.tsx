/** A table file, a page of rows at a time as the server reads them. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type TablePage, tablePage } from "@/api/artifacts.ts";
import { IconButton } from "@/components/Button.tsx";
import { Empty, Failed, Skeleton } from "@/components/State.tsx";
import styles from "./ArtifactsPage.module.css";

const ROWS = 100;

export function TableFile({ runId, path }: { runId: string; path: string }) {
  const [offset, setOffset] = useState(0);
  const { data, error, isPending, refetch } = useQuery(tablePage(runId, path, offset, ROWS));
  if (isPending) return <Skeleton />;
  if (error) return <Failed error={error} retry={() => refetch()} />;
  if (data.columns.length === 0) return <Empty title="The table is empty" />;
  return (
    <>
      <Rows page={data} name={path} />
      <Pages page={data} offset={offset} onOffset={setOffset} />
    </>
  );
}

function Rows({ page: { columns, rows, offset }, name }: { page: TablePage; name: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section className={styles.table} aria-label={`Rows of ${name}`} tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">
              <span className="sr-only">Row</span>
            </th>
            {columns.map((title, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: columns may share a title
              <th key={at} scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows have no identity
            <tr key={at}>
              <th scope="row" className="num">
                {(offset + at).toLocaleString("en-US")}
              </th>
              {row.map((cell, column) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: cells have no identity
                <td key={column} title={cell ?? undefined}>
                  {cell ?? <span className={styles.missing}>–</span>}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

interface PagesProps {
  page: TablePage;
  offset: number;
  onOffset: (offset: number) => void;
}

function Pages({ page: { rows, total }, offset, onOffset }: PagesProps) {
  const figure = (value: number) => value.toLocaleString("en-US");
  const end = offset + rows.length;
  const over = total !== null && total !== undefined ? end >= total : rows.length < ROWS;
  if (offset === 0 && over) return <p className={styles.pages}>{figure(rows.length)} rows</p>;
  return (
    <div className={styles.pages}>
      <span className="num" role="status">
        Rows {figure(offset)} to {figure(Math.max(end - 1, offset))}
        {total !== null && total !== undefined && ` of ${figure(total)}`}
      </span>
      <IconButton
        icon="left"
        label="Previous rows"
        disabled={offset === 0}
        onClick={() => onOffset(Math.max(0, offset - ROWS))}
      />
      <IconButton icon="right" label="Next rows" disabled={over} onClick={() => onOffset(offset + ROWS)} />
    </div>
  );
}
