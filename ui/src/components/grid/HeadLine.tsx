import type { FocusEvent, ReactNode } from "react";
import { type GridColumns, setWidth } from "./columns.ts";
import styles from "./Grid.module.css";
import { useSelection } from "./selection.ts";
import type { GridFrame } from "./useGrid.ts";
import { WidthGrip } from "./WidthGrip.tsx";
import { NAME_WIDTH, pinnedLefts } from "./widths.ts";

interface HeadLineProps {
  columns: GridColumns;
  frame: GridFrame;
  /** Which line of the head it is. */
  line?: number;
  /** What a row is: `run`. */
  noun: string;
  /** What the name is called when rows are ordered by it. */
  nameId: string;
  /** Above the names. */
  title: ReactNode;
  /** The rows that are loaded, by id. */
  loaded: readonly string[];
  isNumber: (column: number) => boolean;
  menu: (column: number) => ReactNode;
}

/* biome-ignore-start lint/a11y/useSemanticElements lint/a11y/useFocusableInteractive: parts of a grid that is no table */
export function HeadLine({ columns, frame, line = 1, loaded, ...rest }: HeadLineProps) {
  const { ids, pinned, widths } = columns;
  const { cells, width } = frame;
  const selection = useSelection();
  const all = loaded.length > 0 && loaded.every((id) => selection.ids.has(id));
  const { lefts, end } = pinnedLefts(widths.slice(0, pinned));
  const head = (index: number) => {
    const id = ids[index] as string;
    return (
      <div
        key={id}
        role="columnheader"
        aria-colindex={index + 2}
        aria-sort={ariaSort(columns, id)}
        className={styles.headCell}
        data-number={rest.isNumber(index)}
        data-pinned={index < pinned}
        style={{ width: widths[index], left: lefts[index], scrollMarginLeft: end }}
        onFocus={inSight}
      >
        {rest.menu(index)}
        <WidthGrip width={widths[index] ?? 0} onWidth={(to) => setWidth(columns, id, to)} />
      </div>
    );
  };
  return (
    <div className={styles.head} role="row" aria-rowindex={line} style={{ width }}>
      <div
        className={styles.name}
        role="columnheader"
        aria-colindex={1}
        style={{ width: NAME_WIDTH }}
        aria-sort={ariaSort(columns, rest.nameId)}
      >
        <input
          type="checkbox"
          aria-label={`Select all ${rest.noun}s that are loaded`}
          checked={all}
          onChange={() => (all ? selection.clear() : selection.add(loaded))}
        />
        {rest.title}
      </div>
      {lefts.map((_, index) => head(index))}
      <span role="presentation" style={{ flex: "none", width: (cells[0]?.start ?? end) - end }} />
      {cells.map(({ index }) => head(index + pinned))}
    </div>
  );
}
/* biome-ignore-end lint/a11y/useSemanticElements lint/a11y/useFocusableInteractive: parts of a grid that is no table */

/** Browsers scroll to what gets the focus only where nothing of it is seen. */
const inSight = ({ currentTarget, target }: FocusEvent<HTMLElement>): void => {
  if (target.matches(":focus-visible")) currentTarget.scrollIntoView({ block: "nearest", inline: "nearest" });
};

const ariaSort = ({ sort }: GridColumns, id: string) =>
  sort.id !== id ? undefined : sort.descending ? "descending" : "ascending";
