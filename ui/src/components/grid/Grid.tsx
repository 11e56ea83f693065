/** A table of which only what is in view is in the page. */
import type { CSSProperties, KeyboardEvent, PointerEvent, ReactNode } from "react";
import styles from "./Grid.module.css";
import { type GridFrame, HEAD, type Place, rowHeight } from "./useGrid.ts";

interface GridProps {
  frame: GridFrame;
  /** What the rows are: `Runs`. */
  label: string;
  count: number;
  columns: number;
  /** The row that keys are about. */
  active: number;
  /** Its lines, one above the other. */
  head: ReactNode;
  row: (place: Place) => ReactNode;
  onKeyDown: (event: KeyboardEvent) => void;
  onPointerOver?: (event: PointerEvent) => void;
  onPointerLeave?: () => void;
}

/* biome-ignore-start lint/a11y/useSemanticElements: a table cannot leave out rows */
export function Grid({ frame, label, count, columns, active, head, row, ...on }: GridProps) {
  const { places, above, sticky, width, height, heads } = frame;
  const wide = { width, minWidth: "100%" };
  return (
    <div
      ref={frame.box}
      className={styles.grid}
      role="grid"
      tabIndex={0}
      aria-label={label}
      aria-rowcount={count + (heads > HEAD ? 2 : 1)}
      aria-colcount={columns + 1}
      aria-multiselectable="true"
      aria-activedescendant={places.some(({ index }) => index === active) ? `row-${active}` : undefined}
      style={{ "--heads": `${heads}px` } as CSSProperties}
      {...on}
    >
      <div role="rowgroup" className={styles.heads}>
        {head}
      </div>
      {above > 0 && (
        <div
          className={styles.above}
          role="rowgroup"
          aria-label={`Pinned ${label.toLowerCase()}`}
          data-sticky={sticky}
          style={{ height: above * rowHeight(), ...wide }}
        >
          {places.slice(0, above).map(row)}
        </div>
      )}
      <div className={styles.rows} role="rowgroup" style={{ height, ...wide }}>
        {places.slice(above).map(row)}
      </div>
    </div>
  );
}
/* biome-ignore-end lint/a11y/useSemanticElements: a table cannot leave out rows */
