/** The grid: only what is in view is in the page, in both directions. */
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useMemo, useState } from "react";
import type { RunRow } from "@/api/runRows.ts";
import { liveness, trainingAmong } from "@/api/runs.ts";
import { Grid } from "@/components/grid/Grid.tsx";
import { HeadLine } from "@/components/grid/HeadLine.tsx";
import { useSelection } from "@/components/grid/selection.ts";
import { type Place, useGrid } from "@/components/grid/useGrid.ts";
import { useGridKeys } from "@/components/grid/useGridKeys.ts";
import { type Column, columnId } from "@/lib/columns.ts";
import { emphasise } from "@/lib/emphasis.ts";
import { useLastRuns } from "@/lib/lastRuns.ts";
import { useNow } from "@/lib/useNow.ts";
import { useStable } from "@/lib/useStable.ts";
import { bestValues } from "./cells.ts";
import { GridRow } from "./GridRow.tsx";
import { HeadMenu } from "./HeadMenu.tsx";
import { heatOf } from "./heat.ts";
import { revealColumn, useRevealed } from "./revealed.ts";
import { figuresOf, useBaseline } from "./useBaseline.ts";
import { useBestChildren } from "./useBestChildren.ts";
import { useLinked } from "./useLinked.ts";
import type { Rows } from "./useRunRows.ts";
import type { RunsView } from "./useRunsView.ts";
import type { ShownRuns } from "./useShownRuns.ts";
import { useSparklines } from "./useSparklines.ts";

const MOST_STEPS = 500; // runs that one can go through from their pages

interface RunsGridProps {
  view: RunsView;
  rows: Rows;
  shown: ShownRuns;
  charts: boolean;
}

export function RunsGrid({ view, rows, shown, charts }: RunsGridProps) {
  const { columns, pinned, widths, smaller } = view;
  const [active, setActive] = useState(0);
  const now = useNow();
  const counts =
    columns.some((column) => columnId(column) === "duration") &&
    rows.loaded.some(({ status }) => status === "RUNNING");
  const counting = useNow(counts ? 1000 : 30_000);
  const selection = useSelection((state) => state.ids);
  const linked = useLinked(view, rows.loaded);
  const frame = useGrid({ count: rows.count, above: rows.pinned, widths, pinned, see: rows.see });
  const { showColumn } = frame;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the order differs where other runs are loaded
  useEffect(() => {
    const upper = Array.from(
      { length: Math.min(rows.count, MOST_STEPS) },
      (_, index) => rows.at(index).run?.id,
    );
    useLastRuns.setState({ ids: upper.filter((id) => id !== undefined), baseline: view.search.b });
  }, [rows.loaded, rows.count, view.search.b]);
  const revealed = useRevealed((state) => state.column);
  useEffect(() => {
    const at = revealed === null ? -1 : columns.findIndex((column) => columnId(column) === revealed);
    if (at < 0) return;
    showColumn(at);
    revealColumn(null);
  }, [revealed, columns, showColumn]);
  const baseline = useBaseline(view, rows.loaded);
  const children = useBestChildren(view, rows);
  const sparklines = useSparklines(rows.loaded, columns);
  const stale = useStale(rows.loaded);
  const best = useMemo(() => bestValues(rows.loaded, columns, smaller), [rows.loaded, columns, smaller]);
  const tinted = view.search.h;
  const heat = useMemo(
    () => heatOf(rows.loaded, columns, tinted ?? [], smaller),
    [rows.loaded, columns, tinted, smaller],
  );
  const base = useMemo(() => figuresOf(baseline, columns), [baseline, columns]);
  const onOpen = useStable(rows.toggle);
  const onShow = useStable(shown.toggle);
  const onPin = useStable((id: string) => view.pin([id]));
  const navigate = useNavigate();
  const onKeyDown = useGridKeys({
    ...{ count: rows.count, active, setActive, scrollTo: frame.scrollTo },
    idAt: (index) => rows.at(index).run?.id,
    open: (runId) => void navigate({ to: "/runs/$runId", params: { runId }, search: {} }),
    onMove: (index) => emphasise(rows.at(index).run?.id),
    others: {
      b: (id) => view.change({ b: id === view.search.b ? undefined : id }, true),
      p: onPin,
      v: shown.toggle,
    },
    inside: {
      ArrowRight: () => openParent(rows, active, true),
      ArrowLeft: () => openParent(rows, active, false),
    },
  });
  const draw = ({ index, top }: Place) => {
    const row = rows.at(index);
    const id = row.run?.id;
    return (
      <GridRow
        key={id ?? index}
        {...row}
        index={index}
        top={top}
        active={index === active}
        selected={id !== undefined && selection.has(id)}
        stale={id !== undefined && stale?.has(id) === true}
        slot={charts ? (id === undefined ? -1 : (shown.slots.get(id) ?? -1)) : null}
        columns={columns}
        pinned={pinned}
        widths={widths}
        cells={frame.cells}
        sparklines={sparklines}
        linked={linked}
        base={base}
        isBaseline={id !== undefined && id === baseline?.id}
        isPinned={index < rows.pinned}
        best={best}
        heat={heat}
        smaller={smaller}
        numeric={view.numeric}
        child={id !== undefined && row.size > 0 && !row.open ? children.get(id) : undefined}
        now={row.run?.status === "RUNNING" ? counting : now}
        tree={view.nested}
        onOpen={onOpen}
        onShow={onShow}
        onPin={onPin}
        onActive={setActive}
      />
    );
  };
  return (
    <Grid
      frame={frame}
      label="Runs"
      count={rows.count}
      columns={columns.length}
      active={active}
      head={
        <HeadLine
          columns={view.grid}
          frame={frame}
          noun="run"
          nameId="run_name"
          title="Run"
          loaded={rows.loaded.map(({ id }) => id)}
          isNumber={(at) => columns[at]?.kind === "metric" || view.numeric.has(view.grid.ids[at] ?? "")}
          menu={(at) => <HeadMenu view={view} column={columns[at] as Column} index={at} />}
        />
      }
      row={draw}
      onKeyDown={onKeyDown}
      onPointerOver={({ target }) => charts && emphasise(runUnder(target, rows))}
      onPointerLeave={() => emphasise(null)}
    />
  );
}

const runUnder = (target: EventTarget, rows: Rows): string | undefined => {
  const row = target instanceof Element && target.closest("[role=row][id]");
  return row ? rows.at(Number(row.id.slice("row-".length))).run?.id : undefined;
};

/** Runs whose process is silent, of those that are loaded: what is in view changes with every frame of a scroll. */
function useStale(runs: readonly RunRow[]): ReadonlySet<string> | undefined {
  const ids = useMemo(() => trainingAmong(runs), [runs]);
  return useQuery(liveness(ids)).data;
}

function openParent(rows: Rows, index: number, wanted: boolean): void {
  const { run, size, open } = rows.at(index);
  if (run && size && open !== wanted) rows.toggle(run.id);
}
