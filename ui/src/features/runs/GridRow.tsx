import { Link } from "@tanstack/react-router";
import type { VirtualItem } from "@tanstack/react-virtual";
import { memo } from "react";
import type { RunRow } from "@/api/runRows.ts";
import grid from "@/components/grid/Grid.module.css";
import { Line } from "@/components/grid/Line.tsx";
import { useSelection } from "@/components/grid/selection.ts";
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
import type { Row } from "./useRunRows.ts";
import type { Sparklines } from "./useSparklines.ts";

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
  /** The columns whose values are figures. */
  numeric: ReadonlySet<string>;
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

export const GridRow = memo(function GridRow(props: GridRowProps) {
  const { run, index, columns, pinned, widths, cells, isBaseline } = props;
  const lit = useEmphasis((state) => run !== undefined && state.run === run.id);
  const cell = (at: number, left?: number) => {
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
          best={props.best[at] ?? null}
          heat={props.heat[at] ?? null}
          smaller={props.smaller}
          numeric={props.numeric.has(columnId(column))}
          child={props.child}
          base={isBaseline ? null : (props.base[at] ?? null)}
          slot={props.slot ?? -1}
          now={props.now}
          width={widths[at] ?? 0}
          left={left}
        />
      )
    );
  };
  return (
    <Line
      className={styles.run}
      index={index}
      top={props.top}
      active={props.active}
      selected={props.selected}
      lit={lit}
      fresh={run !== undefined && run.start !== null && Math.abs(Date.now() - run.start) < FRESH}
      pinned={pinned}
      widths={widths}
      cells={cells}
      indent={props.depth * 18}
      name={run && <Name {...props} run={run} />}
      cell={cell}
      onActive={props.onActive}
    />
  );
});

function Name(props: GridRowProps & { run: RunRow }) {
  const { run, size, open, selected, stale, slot, tree, isBaseline, isPinned, onOpen, onShow } = props;
  const toggle = useSelection((state) => state.toggle);
  return (
    <>
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
          className={grid.toggle}
          aria-expanded={open}
          aria-label={`${open ? "Hide" : "Show"} the ${size} runs in ${run.name}`}
          onClick={() => onOpen(run.id)}
        >
          <Icon name={open ? "down" : "right"} size={14} />
        </button>
      )}
      <Status status={stale ? "STALE" : run.status} />
      <Link to="/runs/$runId" params={{ runId: run.id }} search={{}} title={run.name} dir="auto">
        {run.name || run.id}
      </Link>
      <button
        type="button"
        className={`${grid.toggle} ${styles.pin}`}
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
    </>
  );
}

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
      className={grid.toggle}
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
