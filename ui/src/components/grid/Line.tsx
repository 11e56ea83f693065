import type { VirtualItem } from "@tanstack/react-virtual";
import type { ReactNode } from "react";
import styles from "./Grid.module.css";
import { NAME_WIDTH, pinnedLefts } from "./widths.ts";

interface LineProps {
  className?: string | undefined;
  index: number;
  /** Lines of the grid's head. */
  heads?: number;
  top: number;
  active: boolean;
  selected: boolean;
  lit?: boolean;
  fresh?: boolean;
  /** How many of the columns stay in place. */
  pinned: number;
  widths: readonly number[];
  cells: readonly VirtualItem[];
  /** Pixels by which the name stands in. */
  indent?: number;
  name: ReactNode;
  /** What a column says; `left` is where it sticks, undefined for one that scrolls. */
  cell: (column: number, left?: number) => ReactNode;
  onActive: (index: number) => void;
}

/* biome-ignore-start lint/a11y/useSemanticElements lint/a11y/useFocusableInteractive: parts of a grid that is no table */
/** A row of a grid: its name, the pinned columns, and of the others those in view. */
export function Line({ index, pinned, widths, cells, cell, heads = 1, indent = 0, ...rest }: LineProps) {
  const { lefts, end } = pinnedLefts(widths.slice(0, pinned));
  return (
    <div
      id={`row-${index}`}
      className={`${styles.row} ${rest.className ?? ""}`}
      role="row"
      aria-rowindex={index + 1 + heads}
      aria-selected={rest.selected}
      data-active={rest.active}
      data-lit={rest.lit}
      data-fresh={rest.fresh}
      style={{ transform: `translateY(${rest.top}px)` }}
      onMouseDown={() => rest.onActive(index)}
    >
      <div
        className={styles.name}
        role="rowheader"
        aria-colindex={1}
        style={{ width: NAME_WIDTH, paddingLeft: 10 + indent }}
      >
        {rest.name ?? <span className={styles.placeholder} />}
      </div>
      {lefts.map((left, at) => cell(at, left))}
      <span role="presentation" style={{ flex: "none", width: (cells[0]?.start ?? end) - end }} />
      {cells.map((item) => cell(item.index + pinned))}
    </div>
  );
}
/* biome-ignore-end lint/a11y/useSemanticElements lint/a11y/useFocusableInteractive: parts of a grid that is no table */
