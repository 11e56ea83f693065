/** A table file, a page of rows at a time as the server reads, searches and sorts them. */
import { useQuery } from "@tanstack/react-query";
import { tablePage } from "@/api/artifacts.ts";
import type { Files, TablePage } from "@/api/files.ts";
import { formatCount } from "@/lib/format.ts";
import { useSettled } from "@/lib/useSettled.ts";
import { IconButton } from "../Button.tsx";
import { Choice } from "../Choice.tsx";
import { Field } from "../Field.tsx";
import { Icon } from "../Icon.tsx";
import { Empty, Failed, Skeleton } from "../State.tsx";
import { type Shared, useAddress } from "../useAddress.ts";
import styles from "./Files.module.css";

const ROWS = 100;

export function TableFile({ files, path }: { files: Files; path: string }) {
  const [{ fo, fs: sort = "", fq: text = "", fc: column = "" }, change] = useAddress();
  const offset = Math.max(0, Math.floor(Number(fo)) || 0);
  const search = useSettled(text.trim(), 250);
  const rows = { offset, limit: ROWS, sort, search, column: search ? column : "" };
  const { data, error, isPending, refetch } = useQuery(tablePage(files, path, rows));
  const show = (part: Partial<Shared>) => change({ fo: undefined, ...part });
  if (isPending) return <Skeleton />;
  if (error && !data) return <Failed error={error} retry={() => refetch()} />;
  if (!data || (data.columns.length === 0 && !search)) return <Empty title="The table is empty" />;
  return (
    <>
      <div className={styles.bar}>
        <Field
          label="Search the rows"
          icon="search"
          type="search"
          value={text}
          onChange={(event) => show({ fq: event.target.value || undefined })}
        />
        <Choice
          label="Where to search"
          place="hidden"
          value={column}
          options={[
            ["", "in all columns"],
            ...[...new Set(data.columns)].map((title) => [title, `in ${title}`] as const),
          ]}
          onChange={(to) => show({ fc: to || undefined })}
        />
      </div>
      {error && <p className={styles.cut}>{error.message}</p>}
      <Rows page={data} name={path} sort={sort} onSort={(to) => show({ fs: to || undefined })} />
      <Pages page={data} offset={offset} onOffset={(to) => change({ fo: to ? String(to) : undefined })} />
    </>
  );
}

interface RowsProps {
  page: TablePage;
  name: string;
  /** A column's title, with `-` before it for the greatest first. */
  sort: string;
  onSort: (sort: string) => void;
}

const NUMBER = /^[-+]?(?:\d[\d.]*(?:e[-+]?\d+)?|nan|inf)$/i;

function Rows({ page: { columns, rows, offset }, name, sort, onSort }: RowsProps) {
  const numbers = columns.map((_, at) => rows.every((row) => NUMBER.test(row[at] ?? "nan")));
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section className={styles.table} aria-label={`Rows of ${name}`} tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">
              <span className="sr-only">Row</span>
            </th>
            {columns.map((title, at) => {
              const order = sort === title ? "ascending" : sort === `-${title}` ? "descending" : undefined;
              const next = order === "ascending" ? `-${title}` : order === "descending" ? "" : title;
              return (
                // biome-ignore lint/suspicious/noArrayIndexKey: columns may share a title
                <th key={at} scope="col" aria-sort={order} data-number={numbers[at]}>
                  <button type="button" title={title} onClick={() => onSort(next)}>
                    <span>{title || `column ${at}`}</span>
                    {order && <Icon name={order === "ascending" ? "arrowUp" : "arrowDown"} size={12} />}
                  </button>
                </th>
              );
            })}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows have no identity
            <tr key={at}>
              <th scope="row" className="num">
                {formatCount(offset + at)}
              </th>
              {row.map((cell, column) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: cells have no identity
                <td key={column} title={cell ?? undefined} data-number={numbers[column]}>
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
  const end = offset + rows.length;
  const over = total !== null && total !== undefined ? end >= total : rows.length < ROWS;
  if (offset === 0 && over) {
    return (
      <p className={styles.pages} role="status">
        {rows.length === 0 ? "No row matches" : `${formatCount(rows.length)} rows`}
      </p>
    );
  }
  return (
    <div className={styles.pages}>
      <span className="num" role="status">
        Rows {formatCount(offset)} to {formatCount(Math.max(end - 1, offset))}
        {total !== null && total !== undefined && ` of ${formatCount(total)}`}
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
