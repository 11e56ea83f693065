/** A row a field, a column a run; only what is in view is in the page, in both directions. */
import { useVirtualizer, type VirtualItem } from "@tanstack/react-virtual";
import { useMemo, useRef } from "react";
import type { Run } from "@/api/runs.ts";
import { plural } from "@/lib/format.ts";
import styles from "./CompareTable.module.css";
import { changeOf, type Difference, differences, GROUPS } from "./differences.ts";
import { RunHead } from "./RunHead.tsx";
import type { Compared } from "./useCompared.ts";

const KEY_WIDTH = 170;
const WIDTH = 190;
const ROW = 34;

type Line = { title: string; count: number } | Difference;

/* biome-ignore-start lint/a11y/useSemanticElements lint/a11y/useFocusableInteractive: a table cannot leave out rows and columns */
export function CompareTable({ compared }: { compared: Compared }) {
  const { runs, reference, search, change } = compared;
  const box = useRef<HTMLDivElement>(null);
  const rows = useMemo(() => differences(runs), [runs]);
  const all = search.all === "1";
  const lines = useMemo(() => sections(rows.filter(({ same }) => all || !same)), [rows, all]);
  const equal = rows.filter(({ same }) => same).length;
  const down = useVirtualizer({
    count: lines.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW,
    overscan: 6,
  });
  const across = useVirtualizer({
    horizontal: true,
    count: runs.length,
    getScrollElement: () => box.current,
    estimateSize: () => WIDTH,
    overscan: 2,
    paddingStart: KEY_WIDTH,
  });
  const columns = across.getVirtualItems();
  const before = (columns[0]?.start ?? KEY_WIDTH) - KEY_WIDTH;
  const at = runs.findIndex((run) => run.id === reference?.id);
  return (
    <section className={styles.pane} aria-label="Differences">
      <label className={styles.bar}>
        <input
          type="checkbox"
          checked={!all}
          onChange={(event) => change({ all: event.target.checked ? undefined : "1" })}
        />
        Differences only <span>{equal ? `${plural(equal, "row")} equal` : ""}</span>
      </label>
      <div
        ref={box}
        className={styles.table}
        role="table"
        aria-label="Differences of the runs"
        aria-rowcount={lines.length + 1}
        aria-colcount={runs.length + 1}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        tabIndex={0}
      >
        <div className={styles.head} role="rowgroup" style={{ width: across.getTotalSize() }}>
          <div role="row" className={styles.row}>
            <div role="columnheader" aria-colindex={1} className={styles.key} style={{ width: KEY_WIDTH }}>
              <span className="sr-only">Field</span>
            </div>
            <span role="presentation" style={{ flex: "none", width: before }} />
            {columns.map(({ index }) => (
              <RunHead
                key={runs[index]?.id}
                run={runs[index] as Run}
                index={index}
                compared={compared}
                width={WIDTH}
              />
            ))}
          </div>
        </div>
        <div
          role="rowgroup"
          className={styles.rows}
          style={{ height: down.getTotalSize(), width: across.getTotalSize() }}
        >
          {down.getVirtualItems().map(({ index, start }) => {
            const line = lines[index] as Line;
            const place = { transform: `translateY(${start}px)` };
            if ("title" in line) {
              return (
                <div
                  key={line.title}
                  role="row"
                  aria-rowindex={index + 2}
                  className={styles.title}
                  style={place}
                >
                  <div role="rowheader">
                    {line.title} <small className="num">{line.count}</small>
                  </div>
                </div>
              );
            }
            return (
              <div
                key={`${line.group} ${line.key}`}
                role="row"
                aria-rowindex={index + 2}
                className={styles.row}
                style={place}
              >
                <div
                  role="rowheader"
                  aria-colindex={1}
                  className={`${styles.key} cut`}
                  style={{ width: KEY_WIDTH }}
                  title={line.key}
                >
                  {line.key}
                </div>
                <span role="presentation" style={{ flex: "none", width: before }} />
                <Cells line={line} columns={columns} reference={at} />
              </div>
            );
          })}
        </div>
        {lines.length === 0 && <p className={styles.none}>These runs differ in nothing that was logged.</p>}
      </div>
    </section>
  );
}

function Cells({
  line,
  columns,
  reference,
}: {
  line: Difference;
  columns: VirtualItem[];
  reference: number;
}) {
  return columns.map(({ index }) => {
    const cell = line.cells[index] ?? null;
    const change = index === reference ? null : changeOf(line, cell, line.cells[reference] ?? null);
    return (
      <div
        key={index}
        role="cell"
        aria-colindex={index + 2}
        className={styles.cell}
        style={{ width: WIDTH }}
        data-number={line.group === "Metrics"}
        data-none={cell === null}
        title={cell?.text}
      >
        <span>{cell === null ? "–" : cell.text || "(empty)"}</span>
        {change && <small data-better={change.better}>{change.text}</small>}
      </div>
    );
  });
}
/* biome-ignore-end lint/a11y/useSemanticElements lint/a11y/useFocusableInteractive: a table cannot leave out rows and columns */

/** The rows with a title before each group. */
function sections(rows: readonly Difference[]): Line[] {
  return GROUPS.flatMap((title): Line[] => {
    const own = rows.filter(({ group }) => group === title);
    return own.length ? [{ title, count: own.length }, ...own] : [];
  });
}
