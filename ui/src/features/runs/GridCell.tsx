import type { RunRow } from "@/api/runRows.ts";
import { Sparkline } from "@/charts/Sparkline.tsx";
import grid from "@/components/grid/Grid.module.css";
import { runStyle } from "@/lib/colors.ts";
import type { Column } from "@/lib/columns.ts";
import { formatNumber } from "@/lib/format.ts";
import { useTheme } from "@/lib/theme.ts";
import { cellOf, changeFrom } from "./cells.ts";
import { type Heat, tintOf } from "./heat.ts";
import { LinkCell, type Linked } from "./LinkCell.tsx";
import styles from "./RunsGrid.module.css";
import { type Sparklines, sparklineKey } from "./useSparklines.ts";

interface GridCellProps {
  run: RunRow;
  column: Column;
  index: number;
  sparklines: Sparklines;
  linked: Linked;
  best: number | null;
  heat: Heat | null;
  smaller: (key: string) => boolean;
  /** Whether the column's values are figures; the place of one that is missing is among them. */
  numeric: boolean;
  /** Tells what a parent itself has no value of. */
  child: RunRow | undefined;
  /** The baseline's figure; null without one, and in the baseline's own row. */
  base: number | null;
  slot: number;
  now: number;
  width: number;
  /** Where it sticks; undefined for a column that scrolls. */
  left?: number | undefined;
}

const TOLD_BY_CHILDREN = new Set<Column["kind"]>(["metric", "param"]);

/* biome-ignore-start lint/a11y/useSemanticElements lint/a11y/useFocusableInteractive: parts of a grid that is no table */
export function GridCell({ run, column, index, best, base, now, width, left, ...rest }: GridCellProps) {
  const theme = useTheme();
  const place = { width, left };
  if (column.kind === "trend") {
    const line = rest.sparklines.get(sparklineKey(run.id, column.key));
    const told =
      line && line.min !== null && line.max !== null
        ? `from ${formatNumber(line.min)} to ${formatNumber(line.max)}`
        : "";
    return (
      <div
        role="gridcell"
        aria-colindex={index + 2}
        className={`${grid.cell} ${styles.cell}`}
        data-pinned={left !== undefined}
        data-trend="true"
        style={place}
        title={told}
      >
        {told && <span className="sr-only">{told}</span>}
        {line && <Sparkline parts={line.parts} color={runStyle(rest.slot, theme).color} />}
      </div>
    );
  }
  if (column.kind === "attribute" && (column.key === "experiment_id" || column.key === "models"))
    return <LinkCell run={run} kind={column.key} linked={rest.linked} {...{ index, width, left }} />;
  const own = cellOf(run, column, now);
  const borrowed =
    own.full === "" && rest.child && TOLD_BY_CHILDREN.has(column.kind) ? rest.child : undefined;
  const { text, full, number } = borrowed ? cellOf(borrowed, column, now) : own;
  const change = changeFrom(base, number);
  return (
    <div
      role="gridcell"
      aria-colindex={index + 2}
      className={`${grid.cell} ${styles.cell}`}
      data-number={
        column.kind === "metric" || (full === "" ? rest.numeric : /^-?[\d.]+(e[-+]?\d+)?$/i.test(full))
      }
      data-none={full === ""}
      data-best={number !== null && number === best && !borrowed}
      data-borrowed={borrowed !== undefined && full !== ""}
      data-pinned={left !== undefined}
      style={{ ...place, backgroundImage: tintOf(rest.heat, number) }}
      title={borrowed && full ? `${full}, of ${borrowed.name}` : full}
    >
      {change !== null && change !== 0 && (
        <small data-better={"key" in column && change < 0 === rest.smaller(column.key)}>
          {change > 0 ? "+" : "−"}
          {formatChange(Math.abs(change))}
        </small>
      )}
      {text}
    </div>
  );
}
/* biome-ignore-end lint/a11y/useSemanticElements lint/a11y/useFocusableInteractive: parts of a grid that is no table */

const formatChange = (percent: number): string =>
  percent >= 1000 ? `${Math.round(percent / 100) + 1}×` : `${percent.toFixed(percent < 10 ? 1 : 0)} %`;
