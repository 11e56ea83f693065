/** The grid: only what is in view is in the page, in both directions. */
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from "react";
import type { RunRow } from "@/api/runRows.ts";
import { liveness, trainingAmong } from "@/api/runs.ts";
import { columnId } from "@/lib/columns.ts";
import { emphasise } from "@/lib/emphasis.ts";
import { useLastRuns } from "@/lib/lastRuns.ts";
import { useSettings } from "@/lib/settings.ts";
import { useShortcuts } from "@/lib/shortcuts.ts";
import { useNow } from "@/lib/useNow.ts";
import { useStable } from "@/lib/useStable.ts";
import { bestValues } from "./cells.ts";
import { GridHead } from "./GridHead.tsx";
import { GridRow } from "./GridRow.tsx";
import { heatOf } from "./heat.ts";
import styles from "./RunsGrid.module.css";
import { revealColumn, useRevealed } from "./revealed.ts";
import { useSelection } from "./selection.ts";
import { figuresOf, useBaseline } from "./useBaseline.ts";
import { useBestChildren } from "./useBestChildren.ts";
import { useLinked } from "./useLinked.ts";
import type { Rows } from "./useRunRows.ts";
import type { RunsView } from "./useRunsView.ts";
import type { ShownRuns } from "./useShownRuns.ts";
import { useSparklines } from "./useSparklines.ts";
import { pinnedLefts } from "./widths.ts";

const rowHeight = (): number => Number(useSettings.getState().density);
const HEAD = 34;
const MOST_STEPS = 500; // runs that one can go through from their pages
const MOST_STICKY = 8; // pinned rows; more would leave too little of the others

interface RunsGridProps {
  view: RunsView;
  rows: Rows;
  shown: ShownRuns;
  charts: boolean;
}

export function RunsGrid({ view, rows, shown, charts }: RunsGridProps) {
  const { columns, pinned, widths, smaller } = view;
  const { end } = pinnedLefts(widths.slice(0, pinned));
  const box = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState(0);
  const now = useNow();
  const counts =
    columns.some((column) => columnId(column) === "duration") &&
    rows.loaded.some(({ status }) => status === "RUNNING");
  const counting = useNow(counts ? 1000 : 30_000);
  const selection = useSelection((state) => state.ids);
  const linked = useLinked(view, rows.loaded);
  const sticky = rows.pinned <= MOST_STICKY;
  const above = sticky ? rows.pinned * rowHeight() : 0;
  const lines = useVirtualizer({
    count: rows.count - rows.pinned,
    getScrollElement: () => box.current,
    estimateSize: rowHeight,
    overscan: 6,
    scrollPaddingEnd: HEAD + above, // what sticks to the top takes that from the bottom
    paddingEnd: 56,
  });
  const across = useVirtualizer({
    horizontal: true,
    count: columns.length - pinned,
    getScrollElement: () => box.current,
    estimateSize: (index) => widths[index + pinned] ?? 100,
    overscan: 2,
    paddingStart: end,
  });
  const items = lines.getVirtualItems();
  const cells = across.getVirtualItems();
  const [first, last] = [items[0]?.index ?? 0, items.at(-1)?.index ?? 0];
  const { see } = rows;
  useEffect(() => see(first, last), [see, first, last]);
  const layout = `${pinned} ${widths.join()}`;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the virtualizer caches widths and is told of new ones
  useEffect(() => across.measure(), [layout]);
  const places = [
    ...Array.from({ length: rows.pinned }, (_, index) => ({ index, start: index * rowHeight() })),
    ...items.map(({ index, start }) => ({ index: index + rows.pinned, start })),
  ];
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
    if (at >= pinned) across.scrollToIndex(at - pinned, { align: "center" });
    revealColumn(null);
  }, [revealed, columns, pinned, across]);
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
  const onKeyDown = useGridKeys({
    rows,
    shown,
    active,
    setActive,
    setBaseline: (id) => view.change({ b: id === view.search.b ? undefined : id }, true),
    pin: onPin,
    scrollTo: (index) =>
      index >= rows.pinned
        ? lines.scrollToIndex(index - rows.pinned)
        : sticky || box.current?.scrollTo({ top: 0 }),
  });
  const draw = ({ index, start }: { index: number; start: number }) => {
    const row = rows.at(index);
    const id = row.run?.id;
    return (
      <GridRow
        key={id ?? index}
        {...row}
        index={index}
        top={start}
        active={index === active}
        selected={id !== undefined && selection.has(id)}
        stale={id !== undefined && stale?.has(id) === true}
        slot={charts ? (id === undefined ? -1 : (shown.slots.get(id) ?? -1)) : null}
        columns={columns}
        pinned={pinned}
        widths={widths}
        cells={cells}
        sparklines={sparklines}
        linked={linked}
        base={base}
        isBaseline={id !== undefined && id === baseline?.id}
        isPinned={index < rows.pinned}
        best={best}
        heat={heat}
        smaller={smaller}
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
    // biome-ignore lint/a11y/useSemanticElements: a table cannot leave out rows
    <div
      ref={box}
      className={styles.grid}
      role="grid"
      tabIndex={0}
      aria-label="Runs"
      aria-rowcount={rows.count + 1}
      aria-colcount={columns.length + 1}
      aria-multiselectable="true"
      aria-activedescendant={places.some(({ index }) => index === active) ? `row-${active}` : undefined}
      onKeyDown={onKeyDown}
      onPointerOver={({ target }) => charts && emphasise(runUnder(target, rows))}
      onPointerLeave={() => emphasise(null)}
    >
      <GridHead view={view} cells={cells} width={across.getTotalSize()} loaded={rows.loaded} />
      {rows.pinned > 0 && (
        // biome-ignore lint/a11y/useSemanticElements: as above
        <div
          className={styles.above}
          role="rowgroup"
          aria-label="Pinned runs"
          data-sticky={sticky}
          style={{ height: rows.pinned * rowHeight(), width: across.getTotalSize(), minWidth: "100%" }}
        >
          {places.slice(0, rows.pinned).map(draw)}
        </div>
      )}
      {/* biome-ignore lint/a11y/useSemanticElements: as above */}
      <div
        className={styles.rows}
        role="rowgroup"
        style={{ height: lines.getTotalSize(), width: across.getTotalSize(), minWidth: "100%" }}
      >
        {places.slice(rows.pinned).map(draw)}
      </div>
    </div>
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

interface Keys {
  rows: Rows;
  shown: ShownRuns;
  active: number;
  setActive: (index: number) => void;
  setBaseline: (id: string) => void;
  pin: (id: string) => void;
  scrollTo: (index: number) => void;
}

/** Arrows and Space inside the grid; b, j, k, p, x, v and Enter from anywhere on the page. */
function useGridKeys(keys: Keys): (event: KeyboardEvent) => void {
  const { rows, shown, active, setActive, setBaseline, pin, scrollTo } = keys;
  const navigate = useNavigate();
  const { toggle, add } = useSelection();
  const [anchor, setAnchor] = useState(0);
  const move = (to: number) => {
    const next = Math.max(0, Math.min(rows.count - 1, to));
    setActive(next);
    scrollTo(next);
    emphasise(rows.at(next).run?.id);
  };
  const select = () => {
    const id = rows.at(active).run?.id;
    if (!id) return;
    toggle(id);
    setAnchor(active);
  };
  const selectRange = () => {
    const [from, to] = [Math.min(anchor, active), Math.max(anchor, active)];
    add(
      Array.from({ length: to - from + 1 }, (_, at) => rows.at(from + at).run?.id).filter(
        (id) => id !== undefined,
      ),
    );
  };
  const open = () => {
    const id = rows.at(active).run?.id;
    if (id) void navigate({ to: "/runs/$runId", params: { runId: id }, search: {} });
  };
  const withRun = (action: (id: string) => void) => () => {
    const id = rows.at(active).run?.id;
    if (id) action(id);
  };
  useShortcuts({
    b: withRun(setBaseline),
    j: () => move(active + 1),
    k: () => move(active - 1),
    x: select,
    "Shift+x": selectRange,
    p: withRun(pin),
    v: withRun(shown.toggle),
    Enter: open,
  });
  return (event) => {
    if (event.target !== event.currentTarget) return;
    const steps = new Map([
      ["ArrowDown", active + 1],
      ["ArrowUp", active - 1],
      ["PageDown", active + 20],
      ["PageUp", active - 20],
      ["Home", 0],
      ["End", rows.count - 1],
    ]);
    const others = new Map([
      ["ArrowRight", () => openParent(rows, active, true)],
      ["ArrowLeft", () => openParent(rows, active, false)],
      [" ", select],
      ["Enter", open],
    ]);
    const to = steps.get(event.key);
    const action = to === undefined ? others.get(event.key) : () => move(to);
    if (!action) return;
    event.preventDefault();
    action();
  };
}

function openParent(rows: Rows, index: number, wanted: boolean): void {
  const { run, size, open } = rows.at(index);
  if (run && size && open !== wanted) rows.toggle(run.id);
}
