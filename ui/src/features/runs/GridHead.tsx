import type { VirtualItem } from "@tanstack/react-virtual";
import type { RunRow } from "@/api/runRows.ts";
import { type Column, columnId } from "@/lib/columns.ts";
import { HeadMenu } from "./HeadMenu.tsx";
import styles from "./RunsGrid.module.css";
import { useSelection } from "./selection.ts";
import type { RunsView } from "./useRunsView.ts";
import { WidthGrip } from "./WidthGrip.tsx";
import { NAME_WIDTH, pinnedLefts } from "./widths.ts";

interface GridHeadProps {
  view: RunsView;
  cells: VirtualItem[];
  width: number;
  loaded: RunRow[];
}

/* biome-ignore-start lint/a11y/useSemanticElements lint/a11y/useFocusableInteractive: parts of a grid that is no table */
export function GridHead({ view, cells, width, loaded }: GridHeadProps) {
  const { columns, pinned, widths } = view;
  const selection = useSelection();
  const all = loaded.length > 0 && loaded.every((run) => selection.ids.has(run.id));
  const { lefts, end } = pinnedLefts(widths.slice(0, pinned));
  const head = (index: number) => {
    const column = columns[index] as Column;
    return (
      <div
        key={columnId(column)}
        role="columnheader"
        aria-colindex={index + 2}
        aria-sort={ariaSort(view, columnId(column))}
        className={styles.headCell}
        data-number={column.kind === "metric" || view.numeric.has(columnId(column))}
        data-pinned={index < pinned}
        style={{ width: widths[index], left: lefts[index] }}
      >
        <HeadMenu view={view} column={column} index={index} />
        <WidthGrip width={widths[index] ?? 0} onWidth={(width) => view.setWidth(columnId(column), width)} />
      </div>
    );
  };
  return (
    <div role="rowgroup" style={{ display: "contents" }}>
      <div className={styles.head} role="row" aria-rowindex={1} style={{ width }}>
        <div
          className={styles.name}
          role="columnheader"
          aria-colindex={1}
          style={{ width: NAME_WIDTH }}
          aria-sort={ariaSort(view, "run_name")}
        >
          <input
            type="checkbox"
            aria-label="Select all runs that are loaded"
            checked={all}
            onChange={() => (all ? selection.clear() : selection.add(loaded.map((run) => run.id)))}
          />
          Run
        </div>
        {lefts.map((_, index) => head(index))}
        <span role="presentation" style={{ flex: "none", width: (cells[0]?.start ?? end) - end }} />
        {cells.map(({ index }) => head(index + pinned))}
      </div>
    </div>
  );
}
/* biome-ignore-end lint/a11y/useSemanticElements lint/a11y/useFocusableInteractive: parts of a grid that is no table */

const ariaSort = ({ sort }: RunsView, id: string) =>
  sort.id !== id ? undefined : sort.descending ? "descending" : "ascending";
