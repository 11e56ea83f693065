import { Link } from "@tanstack/react-router";
import type { VirtualItem } from "@tanstack/react-virtual";
import { memo } from "react";
import type { RunRow } from "@/api/runRows.ts";
import { Icon } from "@/components/Icon.tsx";
import { Status } from "@/components/Status.tsx";
import { fillOf, runStyle } from "@/lib/colors.ts";
import { type Column, columnId } from "@/lib/columns.ts";
import { useEmphasis } from "@/lib/emphasis.ts";
import { useTheme } from "@/lib/theme.ts";
import { GridCell } from "./GridCell.tsx";
import type { Heat } from "./heat.ts";
import type { Linked } from "./LinkCell.tsx";
import styles from "./RunsGrid.module.css";
import { useSelection } from "./selection.ts";
import type { Row } from "./useRunRows.ts";
import type { Sparklines } from "./useSparklines.ts";
import { NAME_WIDTH, pinnedLefts } from "./widths.ts";

interface GridRowProps extends Row {
  index: number;
  top: number;
  active: boolean;
  selected: boolean;
  stale: boolean;
  /** The run's colour slot, -1 for none; null where there are no charts. */
  slot: number | null;
  columns: Column[];
  /** How many of the columns stay in place. */
  pinned: number;
  widths: number[];
  cells: VirtualItem[];
  sparklines: Sparklines;
  linked: Linked;
  /** The baseline's figures by column, and whether this is its row. */
  base: (number | null)[];
  isBaseline: boolean;
  /** Whether it stays above the others. */
  isPinned: boolean;
  best: (number | null)[];
  heat: (Heat | null)[];
  smaller: (key: string) => boolean;
  /** Of a closed parent the run below it that did best. */
  child: RunRow | undefined;
  now: number;
  tree: boolean;
  onOpen: (id: string) => void;
  onShow: (id: string) => void;
  onPin: (id: string) => void;
  onActive: (index: number) => void;
}

const FRESH = 3000; // milliseconds in which a run that started is told from the others

/* biome-ignore-start lint/a11y/useSemanticElements lint/a11y/useFocusableInteractive: parts of a grid that is no table */
export const GridRow = memo(function GridRow(props: GridRowProps) {
  const {
    run,
    index,
    top,
    active,
    selected,
    columns,
    pinned,
    widths,
    cells,
    best,
    base,
    isBaseline,
    onActive,
  } = props;
  const lit = useEmphasis((state) => run !== undefined && state.run === run.id);
  const { lefts, end } = pinnedLefts(widths.slice(0, pinned));
  const cell = (at: number) => {
    const column = columns[at] as Column;
    return (
      run && (
        <GridCell
          key={columnId(column)}
          run={run}
          column={column}
          index={at}
          sparklines={props.sparklines}
          linked={props.linked}
          best={best[at] ?? null}
          heat={props.heat[at] ?? null}
          smaller={props.smaller}
          child={props.child}
          base={isBaseline ? null : (base[at] ?? null)}
          slot={props.slot ?? -1}
          now={props.now}
          width={widths[at] ?? 0}
          left={lefts[at]}
        />
      )
    );
  };
  return (
    <div
      id={`row-${index}`}
      className={styles.row}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={selected}
      data-active={active}
      data-lit={lit}
      data-fresh={run !== undefined && run.start !== null && Date.now() - run.start < FRESH}
      style={{ transform: `translateY(${top}px)` }}
      onMouseDown={() => onActive(index)}
    >
      <NameCell {...props} />
      {lefts.map((_, at) => cell(at))}
      <span role="presentation" style={{ flex: "none", width: (cells[0]?.start ?? end) - end }} />
      {cells.map(({ index: at }) => cell(at + pinned))}
    </div>
  );
});

function NameCell(props: GridRowProps) {
  const { run, depth, size, open, selected, stale, slot, tree, isBaseline, isPinned, onOpen, onShow } = props;
  const toggle = useSelection((state) => state.toggle);
  if (!run) {
    return (
      <div className={styles.name} role="rowheader" aria-colindex={1} style={{ width: NAME_WIDTH }}>
        <span className={styles.placeholder} />
      </div>
    );
  }
  return (
    <div
      className={styles.name}
      role="rowheader"
      aria-colindex={1}
      style={{ width: NAME_WIDTH, paddingLeft: 10 + depth * 18 }}
    >
      <input
        type="checkbox"
        aria-label={`Select ${run.name}`}
        checked={selected}
        onChange={() => toggle(run.id)}
      />
      {slot !== null && <Square id={run.id} name={run.name} slot={slot} onShow={onShow} />}
      {tree && size > 0 && (
        <button
          type="button"
          className={styles.toggle}
          aria-expanded={open}
          aria-label={`${open ? "Hide" : "Show"} the ${size} runs in ${run.name}`}
          onClick={() => onOpen(run.id)}
        >
          <Icon name={open ? "down" : "right"} size={14} />
        </button>
      )}
      <Status status={stale ? "STALE" : run.status} />
      <Link to="/runs/$runId" params={{ runId: run.id }} search={{}} title={run.name}>
        {run.name || run.id}
      </Link>
      <button
        type="button"
        className={`${styles.toggle} ${styles.pin}`}
        aria-pressed={isPinned}
        aria-label={`Pin ${run.name}`}
        title={isPinned ? "Unpin (p)" : "Pin above the others (p)"}
        onClick={() => props.onPin(run.id)}
      >
        <Icon name="pin" size={14} />
      </button>
      {isBaseline && <span className={styles.baseline}>baseline</span>}
      {props.child && (
        <Link
          className={styles.best}
          to="/runs/$runId"
          params={{ runId: props.child.id }}
          search={{}}
          title={`The best of the ${size} below it: ${props.child.name}`}
        >
          <span className="sr-only">The best below it: </span>
          {props.child.name}
        </Link>
      )}
      {tree && size > 0 && <span className={`${styles.children} num`}>{size}</span>}
    </div>
  );
}
/* biome-ignore-end lint/a11y/useSemanticElements lint/a11y/useFocusableInteractive: parts of a grid that is no table */

interface SquareProps {
  id: string;
  name: string;
  slot: number;
  onShow: (id: string) => void;
}

/** The run's colour in charts; the grid is their legend. */
function Square({ id, name, slot, onShow }: SquareProps) {
  const theme = useTheme();
  const style = runStyle(slot, theme);
  return (
    <button
      type="button"
      className={styles.toggle}
      aria-pressed={slot >= 0}
      aria-label={`Show ${name} in charts`}
      onClick={() => onShow(id)}
    >
      <span
        className={styles.square}
        style={slot >= 0 ? { borderColor: style.color, background: fillOf(style) } : undefined}
      />
    </button>
  );
}
