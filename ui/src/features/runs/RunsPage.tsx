import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type CSSProperties, lazy, Suspense, useState } from "react";
import { experimentById } from "@/api/experiments.ts";
import { useLive } from "@/api/live.ts";
import { queryClient } from "@/api/queryClient.ts";
import { runCount, runKeys } from "@/api/runs.ts";
import { Button } from "@/components/Button.tsx";
import { ExperimentTabs } from "@/components/ExperimentTabs.tsx";
import { Header } from "@/components/Header.tsx";
import { Live } from "@/components/Live.tsx";
import { Failed, Skeleton } from "@/components/State.tsx";
import { ViewsMenu } from "@/components/ViewsMenu.tsx";
import { plural } from "@/lib/format.ts";
import { useSettings } from "@/lib/settings.ts";
import { useShortcuts } from "@/lib/shortcuts.ts";
import { BulkBar } from "./BulkBar.tsx";
import { GroupsTable } from "./GroupsTable.tsx";
import { NoRuns } from "./NoRuns.tsx";
import { RunsGrid } from "./RunsGrid.tsx";
import styles from "./RunsPage.module.css";
import { RunsToolbar } from "./RunsToolbar.tsx";
import { SameInAll } from "./SameInAll.tsx";
import { SplitHandle } from "./SplitHandle.tsx";
import { useMode } from "./useMode.ts";
import { useRunRows } from "./useRunRows.ts";
import { type RunsView, running, useRunsView } from "./useRunsView.ts";
import { useShownRuns } from "./useShownRuns.ts";

const RunsCharts = lazy(() => import("./RunsCharts.tsx").then(({ RunsCharts }) => ({ default: RunsCharts })));

export function RunsPage() {
  const view = useRunsView();
  const rows = useRunRows(view);
  const [mode, setMode] = useMode(view);
  const shown = useShownRuns(view, rows, mode !== "table");
  const below = view.nested && rows.hasChildren;
  const all = useQuery({ ...runCount(view.flat), enabled: !rows.isPending && below }).data;
  const total = rows.isPending ? undefined : below ? all : rows.count;
  const fresh = useNewRuns(
    view.experimentId,
    view.sort.id === "start_time" && view.sort.descending && !view.flat.filter,
  );
  useShortcuts({ 1: () => setMode("table"), 2: () => setMode("split"), 3: () => setMode("charts") });
  const split = useSettings((state) => state.split);
  const empty = !rows.isPending && rows.count === 0;
  return (
    <div className={styles.page}>
      <PageHeader view={view} ready={!rows.isPending} />
      <ExperimentTabs experimentId={view.experimentId} />
      <RunsToolbar view={view} mode={mode} setMode={setMode} />
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
              <GroupsTable view={view} by={view.search.g} charts={mode !== "table"} />
            ) : empty ? (
              <NoRuns view={view} />
            ) : (
              <RunsGrid view={view} rows={rows} shown={shown} charts={mode !== "table"} />
            )}
          </section>
        )}
        {mode === "split" && !empty && <SplitHandle />}
        {mode !== "table" && !empty && (
          <Suspense fallback={<Skeleton />}>
            <RunsCharts view={view} shown={shown} />
          </Suspense>
        )}
      </div>
      <BulkBar view={view} />
      <footer className={styles.foot}>
        <span aria-live="polite">
          <b className="num">{total?.toLocaleString("en-US") ?? "…"}</b> runs
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

function PageHeader({ view, ready }: { view: RunsView; ready: boolean }) {
  const { experimentId, search, change } = view;
  const { data } = useQuery(experimentById(experimentId));
  const training = useQuery({ ...runCount(running(experimentId)), enabled: ready });
  return (
    <Header
      title={data?.name ?? "…"}
      crumbs={
        <Link to="/experiments" search={{}}>
          Experiments
        </Link>
      }
      aside={
        <ViewsMenu
          experimentId={experimentId}
          screen="runs"
          search={search}
          onView={(v) => change({ v }, true)}
        />
      }
    >
      <Live running={training.data} />
      {data?.lifecycle_stage === "deleted" && <span>in the trash</span>}
    </Header>
  );
}

/** Follows the experiment. New runs appear by themselves where they come first; elsewhere they are announced. */
function useNewRuns(experimentId: string, enterByThemselves: boolean): { count: number; show: () => void } {
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set());
  const show = () => {
    setIds(new Set());
    void queryClient.invalidateQueries({ queryKey: runKeys.pages(experimentId) });
    void queryClient.invalidateQueries({ queryKey: ["runs", "count"] });
    void queryClient.invalidateQueries({ queryKey: ["experiments", "values", experimentId] });
  };
  useLive([`exp:${experimentId}`], {
    onNew: (started) => (enterByThemselves ? show() : setIds((before) => new Set([...before, ...started]))),
  });
  return { count: ids.size, show };
}
