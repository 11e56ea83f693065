/** Live events patched into what the query cache holds, at most once a second. */
import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useRef } from "react";
import type { Axis } from "@/lib/axes.ts";
import { paced } from "@/lib/paced.ts";
import { append } from "@/lib/series.ts";
import { type LiveEvent, useEvents } from "./events.ts";
import { loggedModelKeys } from "./loggedModels.ts";
import type { Series } from "./metrics.ts";
import { newestOf, type Point } from "./newestPoint.ts";
import type { RunPage, RunRow } from "./runRows.ts";
import type { Run } from "./runs.ts";

const SOON = 30; // milliseconds in which what happens at the same time gathers
const EVERY = 1000; // milliseconds between patches; charts redraw as often
const SLOWLY = 5000; // milliseconds between readings of what is derived: summaries, columns
const MOST_BUCKETS = 480; // 1.5 times what a sample has

type Points = Record<string, Point[]>;

interface Options {
  /** Told of runs that are not in any page yet; without it they stay unseen. */
  onNew?: (ids: string[]) => void;
}

/** Keeps runs, metrics and series on screen up to date while the component is there. */
export function useLive(topics: readonly string[], { onNew }: Options = {}): void {
  const queries = useQueryClient();
  const queue = useRef<LiveEvent[]>([]);
  const tell = useRef(onNew);
  useEffect(() => {
    tell.current = onNew;
  });
  const pace = useMemo(
    () =>
      paced(
        () => {
          if (document.hidden) return; // they wait until somebody looks
          const added = apply(queries, queue.current.splice(0));
          if (added.length) tell.current?.(added);
        },
        SOON,
        EVERY,
      ),
    [queries],
  );
  useEvents(topics, (event) => {
    queue.current.push(event);
    pace.ask();
  });
  useEffect(() => {
    const look = () => queue.current.length && pace.ask();
    document.addEventListener("visibilitychange", look);
    return () => {
      document.removeEventListener("visibilitychange", look);
      pace.stop();
    };
  }, [pace]);
}

/** Patches the cache; answers the runs that started and are in no page. */
export function apply(queries: QueryClient, events: readonly LiveEvent[]): string[] {
  if (events.some(({ kind }) => kind === "reset")) {
    void queries.invalidateQueries();
    return [];
  }
  const known = new Set<string>();
  const byRun = Map.groupBy(events, ({ runId }) => runId);
  const patch = <T extends { id: string }>(run: T, one: (run: T, event: LiveEvent) => T): T => {
    known.add(run.id);
    return (byRun.get(run.id) ?? []).reduce(one, run);
  };
  queries.setQueriesData<RunPage>({ queryKey: ["runs", "pages"] }, (page) => {
    const runs = page?.runs.map((row) => patch(row, patchRow));
    return runs?.some((run, at) => run !== page?.runs[at]) ? page && { ...page, runs } : page;
  });
  queries.setQueriesData<Run>({ queryKey: ["runs", "one"] }, (run) => run && patch(run, patchRun));
  readAgain(queries, events);
  patchSeries(queries, events);
  refreshDerived(queries, events);
  const started = events.filter(
    ({ kind, runId, data }) => kind === "run" && runId && data.status === "RUNNING" && !known.has(runId),
  );
  return [...new Set(started.map(({ runId }) => runId as string))];
}

/** What is being read while a run changes may be of before: its answer would undo the patch. */
function readAgain(queries: QueryClient, events: readonly LiveEvent[]): void {
  const changed = new Set(events.filter(({ kind }) => kind === "run").map(({ runId }) => runId));
  void queries.invalidateQueries({
    queryKey: ["runs"],
    fetchStatus: "fetching",
    predicate: ({ queryKey: [, kind, id], state }) =>
      state.data !== undefined &&
      (kind === "pages" ? changed.size > 0 : kind === "one" && changed.has(id as string)),
  });
}

function patchRun(run: Run, { kind, data }: LiveEvent): Run {
  if (kind === "metrics")
    return { ...run, metrics: { ...run.metrics, ...newer(run.metrics, data as Points) } };
  if (kind !== "run") return run;
  const told: Told = data;
  return {
    ...run,
    ...facts(run, told),
    params: { ...run.params, ...told.params },
    tags: withTags(run.tags, told.tags),
  };
}

/** Figures other than the last ones are read again, with what is derived. */
function patchRow(row: RunRow, { kind, data }: LiveEvent): RunRow {
  const patched = (prefix: string, news: object): RunRow["values"] =>
    Object.fromEntries(
      Object.entries(news)
        .map(([key, value]) => [`${prefix}.${key}`, value])
        .filter(([name]) => Object.hasOwn(row.values, name)),
    );
  if (kind === "metrics") {
    const { newest = {} } = row;
    const found = Object.entries(data as Points).flatMap(([key, points]) => {
      const point = newestOf(points, newest[key]);
      return point ? [[key, point] as const] : [];
    });
    const last = found.map(([key, [, , value]]) => [key, value ?? Number.NaN]);
    return {
      ...row,
      measured: true,
      newest: { ...newest, ...Object.fromEntries(found) },
      values: { ...row.values, ...patched("metrics", Object.fromEntries(last)) },
    };
  }
  if (kind !== "run") return row;
  const told: Told = data;
  const values = {
    ...row.values,
    ...patched("params", told.params ?? {}),
    ...patched("tags", told.tags ?? {}),
  };
  return { ...row, ...facts(row, told), values };
}

/** What an event tells of a run. */
interface Told {
  status?: string;
  run_name?: string;
  end_time?: number;
  lifecycle_stage?: string;
  params?: Record<string, string>;
  tags?: Record<string, string | null>; // null where one was removed
}

type Facts = Pick<Run, "status" | "name" | "end" | "deleted">;

const facts = (run: Facts, told: Told): Facts => ({
  status: told.status ?? run.status,
  name: told.run_name ?? told.tags?.["mlflow.runName"] ?? run.name,
  end: told.end_time ?? run.end,
  deleted: told.lifecycle_stage ? told.lifecycle_stage === "deleted" : run.deleted,
});

function withTags(tags: Run["tags"], told: Record<string, string | null> = {}): Run["tags"] {
  const all = Object.entries({ ...tags, ...told });
  return Object.fromEntries(all.filter((pair): pair is [string, string] => pair[1] !== null));
}

/** Of metrics whose newest point is not the one that is known. */
function newer(known: Run["metrics"], told: Points): Run["metrics"] {
  return Object.fromEntries(
    Object.entries(told).flatMap(([key, points]) => {
      const before = known[key];
      const point = newestOf(points, before && pointOf(before));
      if (!point) return [];
      const [step, timestamp, value] = point;
      return [[key, { key, step, timestamp, value: value ?? Number.NaN }]];
    }),
  );
}

function pointOf({ step = 0, timestamp, value }: Run["metrics"][string]): Point {
  const figure = Number(value);
  return [step, timestamp, Number.isNaN(figure) ? null : figure];
}

function patchSeries(queries: QueryClient, events: readonly LiveEvent[]): void {
  const points = events.filter(({ kind }) => kind === "metrics");
  if (!points.length) return;
  for (const [key, series] of queries.getQueriesData<Series[]>({ queryKey: ["metrics", "sample"] })) {
    const [, , metric, axis, range] = key as ["metrics", "sample", string, Axis, unknown];
    if (!series || range) continue;
    const absent = points.some(
      ({ runId, data }) => metric in data && !series.some((one) => one.run_id === runId),
    );
    if (absent || (axis !== "step" && axis !== "wall")) void queries.invalidateQueries({ queryKey: key });
    else
      queries.setQueryData(
        key,
        series.map((one) => points.reduce((kept, event) => extend(kept, event, axis), one)),
      );
  }
}

function extend(series: Series, { runId, data }: LiveEvent, axis: Axis): Series {
  const points = runId === series.run_id ? (data as Points)[series.key] : undefined;
  if (!points) return series;
  const at = axis === "wall" ? 1 : 0;
  return append(
    series,
    points.map((point) => [point[at] as number, point[2]] as const),
    MOST_BUCKETS,
  );
}

let derivedAt = 0;
let derivedLater: ReturnType<typeof setTimeout> | undefined;
const changed = new Set<string>(); // experiments since then

function refreshDerived(queries: QueryClient, events: readonly LiveEvent[]): void {
  const structural = events.some(
    ({ kind, data }) => "lifecycle_stage" in data || (kind === "run" && "status" in data),
  );
  if (structural) void queries.invalidateQueries({ queryKey: ["runs", "count"] });
  if (events.some(({ data }) => "lifecycle_stage" in data))
    void queries.invalidateQueries({ queryKey: ["runs", "pages"] });
  for (const { kind, runId, experimentId } of events) {
    if (kind === "experiment")
      void queries.invalidateQueries({ queryKey: ["experiments", "one", experimentId] });
    if (kind === "artifact") void queries.invalidateQueries({ queryKey: ["artifacts", runId] });
    if (kind === "model") void queries.invalidateQueries({ queryKey: loggedModelKeys.all });
  }
  for (const { experimentId } of events) changed.add(experimentId);
  const early = derivedAt + SLOWLY - Date.now();
  clearTimeout(derivedLater);
  if (early > 0) {
    derivedLater = setTimeout(refreshDerived, early, queries, []);
    return;
  }
  derivedAt = Date.now();
  const concerns = (ids: unknown) =>
    String(ids)
      .split(",")
      .some((id) => changed.has(id));
  void queries.invalidateQueries({ queryKey: ["metrics", "summaries"] });
  void queries.invalidateQueries({
    queryKey: ["runs", "pages"],
    predicate: ({ queryKey: [, , of, , asked] }) => concerns(of) && (asked as string[]).some(isFigure),
  });
  void queries.invalidateQueries({ queryKey: ["metrics", "sparklines"] });
  void queries.invalidateQueries({ queryKey: ["metrics", "groups"] });
  void queries.invalidateQueries({ queryKey: ["runs", "best-children"] });
  void queries.invalidateQueries({
    queryKey: ["experiments", "columns"],
    predicate: ({ queryKey }) => concerns(queryKey[2]),
  });
  void queries.invalidateQueries({ queryKey: loggedModelKeys.all }); // what was measured may be of a model
  changed.clear();
}

/** Whether a column is a metric's figure over all its steps. */
const isFigure = (name: string): boolean => /^(min|max|first|mean)\(/.test(name);
