/** Above the columns' names: the dataset that neighbours are of. */
import type { GridColumns } from "@/components/grid/columns.ts";
import grid from "@/components/grid/Grid.module.css";
import type { GridFrame } from "@/components/grid/useGrid.ts";
import { NAME_WIDTH, pinnedLefts } from "@/components/grid/widths.ts";
import type { Column } from "./columns.ts";
import styles from "./LoggedModels.module.css";

export const DATASETS = 26; // pixels

interface DatasetsLineProps {
  columns: readonly Column[];
  grid: GridColumns;
  frame: GridFrame;
}

interface Span {
  /** Of the first column. */
  at: number;
  count: number;
  width: number;
  title: string;
  digest: string;
}

/* biome-ignore-start lint/a11y/useSemanticElements lint/a11y/useFocusableInteractive: parts of a grid that is no table */
export function DatasetsLine({
  columns,
  grid: { widths, pinned },
  frame: { cells, width },
}: DatasetsLineProps) {
  const { lefts, end } = pinnedLefts(widths.slice(0, pinned));
  const spans = (places: readonly number[]) => spansOf(columns, widths, places);
  const head = ({ at, count, width, title, digest }: Span) =>
    title ? (
      <div
        key={at}
        role="columnheader"
        aria-colindex={at + 2}
        aria-colspan={count}
        className={`${grid.headCell} ${styles.dataset}`}
        data-pinned={at < pinned}
        title={digest || undefined}
        style={{ width, left: lefts[at] }}
      >
        <span>
          {title} {digest && <small>{digest}</small>}
        </span>
      </div>
    ) : (
      <span key={at} role="presentation" style={{ flex: "none", width }} />
    );
  return (
    <div className={`${grid.head} ${styles.datasets}`} role="row" aria-rowindex={1} style={{ width }}>
      <div className={grid.name} role="gridcell" aria-colindex={1} style={{ width: NAME_WIDTH }} />
      {spans(lefts.map((_, at) => at)).map(head)}
      <span role="presentation" style={{ flex: "none", width: (cells[0]?.start ?? end) - end }} />
      {spans(cells.map(({ index }) => index + pinned)).map(head)}
    </div>
  );
}
/* biome-ignore-end lint/a11y/useSemanticElements lint/a11y/useFocusableInteractive: parts of a grid that is no table */

/** Neighbours of one dataset as one. */
function spansOf(columns: readonly Column[], widths: readonly number[], places: readonly number[]): Span[] {
  const spans: Span[] = [];
  for (const at of places) {
    const column = columns[at];
    if (!column) continue;
    const { title, digest } = datasetOf(column);
    const last = spans.at(-1);
    if (last?.title === title && last.digest === digest) {
      last.count += 1;
      last.width += widths[at] ?? 0;
    } else {
      spans.push({ at, count: 1, width: widths[at] ?? 0, title, digest });
    }
  }
  return spans;
}

const TITLES = { metric: "Metrics", param: "Params", tag: "Tags", fact: "" } as const;

function datasetOf(column: Column): { title: string; digest: string } {
  const on = column.kind === "metric" ? column : { dataset: "", digest: "" };
  return { title: on.dataset || TITLES[column.kind], digest: on.digest };
}
