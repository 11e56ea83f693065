/** Runs as a table, as charts, or both, with all that is done with them. */
import { useQuery } from "@tanstack/react-query";
import { type CSSProperties, lazy, type ReactNode, Suspense } from "react";
import { runCount } from "@/api/runs.ts";
import { Button } from "@/components/Button.tsx";
import { useSelection, useSelectionAmong } from "@/components/grid/selection.ts";
import { Failed, Skeleton } from "@/components/State.tsx";
import { emphasise } from "@/lib/emphasis.ts";
import { formatCount, plural } from "@/lib/format.ts";
import { useSettings } from "@/lib/settings.ts";
import { useShortcuts } from "@/lib/shortcuts.ts";
import { useAnnounced } from "@/lib/useAnnounced.ts";
import { RunsGrid } from "./RunsGrid.tsx";
import styles from "./RunsPage.module.css";
import { RunsToolbar } from "./RunsToolbar.tsx";
import { SameInAll } from "./SameInAll.tsx";
import { SplitHandle } from "./SplitHandle.tsx";
import { useCompareTicked } from "./useCompareTicked.ts";
import { useMode } from "./useMode.ts";
import { useNewRuns } from "./useNewRuns.ts";
import { useRunRows } from "./useRunRows.ts";
import type { RunsView } from "./useRunsView.ts";
import { useShownRuns } from "./useShownRuns.ts";

const BulkBar = lazy(() => import("./BulkBar.tsx").then(({ BulkBar }) => ({ default: BulkBar })));
const GroupsTable = lazy(() =>
  import("./GroupsTable.tsx").then(({ GroupsTable }) => ({ default: GroupsTable })),
);
const NoRuns = lazy(() => import("./NoRuns.tsx").then(({ NoRuns }) => ({ default: NoRuns })));
const RunsCharts = lazy(() => import("./RunsCharts.tsx").then(({ RunsCharts }) => ({ default: RunsCharts })));

/** `head` is what stands above the toolbar; it is told whether the rows are there. */
export function Workspace({ view, head }: { view: RunsView; head: (ready: boolean) => ReactNode }) {
  const rows = useRunRows(view);
  const [mode, setMode] = useMode(view);
  const shown = useShownRuns(view, rows, mode !== "table");
  const below = view.nested && rows.hasChildren;
  const apart = below || view.pins.length > 0;
  const all = useQuery({ ...runCount(view.flat), enabled: !rows.isPending && apart }).data;
  const total = rows.isPending ? undefined : apart ? all : rows.count;
  const fresh = useNewRuns(
    view.experimentIds,
    view.sort.id === "start_time" && view.sort.descending && !view.flat.filter,
  );
  useAnnounced("new runs", fresh.count ? plural(fresh.count, "new run") : "", "");
  const compare = useCompareTicked();
  const { clear } = useSelection.getState();
  useShortcuts({
    1: () => setMode("table"),
    2: () => setMode("split"),
    3: () => setMode("charts"),
    c: compare, // here, so that they work before the bar of the ticked runs is there
    Escape: () => {
      clear();
      emphasise(null);
    },
  });
  useSelectionAmong(`${view.flat.view} of ${view.several ? "several" : view.experimentIds.join()}`);
  const split = useSettings((state) => state.split);
  const ticked = useSelection((state) => state.ids.size > 0);
  const empty = !rows.isPending && rows.count === 0;
  return (
    <div className={styles.page}>
      {head(!rows.isPending)}
      <RunsToolbar view={view} mode={mode} setMode={setMode} shown={shown} />
      {fresh.count > 0 && (
        <Button className={styles.fresh} onClick={fresh.show} icon="arrowUp">
          {plural(fresh.count, "new run")}
        </Button>
      )}
      <div
        className={styles.body}
        data-mode={empty ? "table" : mode}
        style={{ "--split": `${split}%` } as CSSProperties}
      >
        {(mode !== "charts" || empty) && (
          <section className={styles.left} aria-label="Runs">
            {rows.error && !rows.count ? (
              <Failed error={rows.error} retry={rows.refetch} />
            ) : rows.isPending ? (
              <Skeleton rows={12} />
            ) : view.search.g && !empty ? (
              <Suspense fallback={<Skeleton rows={12} />}>
                <GroupsTable view={view} by={view.search.g} charts={mode !== "table"} />
              </Suspense>
            ) : empty ? (
              <Suspense>
                <NoRuns view={view} />
              </Suspense>
            ) : (
              <RunsGrid view={view} rows={rows} shown={shown} charts={mode !== "table"} />
            )}
          </section>
        )}
        {mode === "split" && !empty && <SplitHandle />}
        {mode !== "table" && !empty && (
          <Suspense fallback={<Skeleton />}>
            <RunsCharts view={view} rows={rows} shown={shown} />
          </Suspense>
        )}
      </div>
      {ticked && (
        <Suspense>
          <BulkBar view={view} shown={mode === "table" ? undefined : shown} />
        </Suspense>
      )}
      <footer className={styles.foot}>
        <span>
          <Count view={view} found={total} />
          {mode !== "table" && !view.search.g && ` · ${shown.ids.length} shown in charts`}
        </span>
        <SameInAll view={view} run={rows.loaded[0]} total={total ?? 0} />
        <span className={styles.hints} aria-hidden="true">
          <kbd>j</kbd>
          <kbd>k</kbd> move <kbd>x</kbd> select <kbd>v</kbd> show <kbd>?</kbd> all shortcuts
        </span>
      </footer>
    </div>
  );
}

/** How many runs the table is of, and of how many the filter took them. */
function Count({ view: { flat }, found }: { view: RunsView; found: number | undefined }) {
  const filtered = flat.filter !== "";
  const all = useQuery({
    ...runCount({ ...flat, filter: "" }),
    enabled: filtered && found !== undefined,
  }).data;
  const of = filtered && all !== undefined ? ` of ${formatCount(all)}` : "";
  const runs = (of ? all : found) === 1 ? "run" : "runs";
  const text = found === undefined || (filtered && !of) ? undefined : `${formatCount(found)}${of} ${runs}`;
  useAnnounced("runs", text, `${flat.filter} ${flat.view}`);
  return (
    <>
      <b className="num">{found === undefined ? "…" : formatCount(found)}</b>
      {of} {runs}
    </>
  );
}
