/** What the runs behind versions measured and were given. */
import { useQueries, useQuery } from "@tanstack/react-query";
import type { Version } from "@/api/models.ts";
import type { RunRow } from "@/api/runRows.ts";
import { type ChosenRuns, RUNS_AT_ONCE, runsByIds } from "@/api/sourceRuns.ts";
import { byName } from "@/lib/byName.ts";
import { toNumber } from "@/lib/format.ts";
import { own } from "@/lib/json.ts";
import { isSystem } from "@/lib/metricNames.ts";

const MOST_METRICS = 4;
const MOST_PARAMS = 3;

export interface SourceRuns {
  /** By id; those that are gone are left out. */
  runs: ReadonlyMap<string, RunRow>;
  /** `metrics.loss`, `params.lr`: the columns that there can be, and those of them that are shown at first. */
  all: string[];
  usual: string[];
}

/**
 * The source runs of versions with the chosen columns, or the usual ones, and the one that versions are ordered by. The
 * newest 500 runs tell which there are.
 */
export function useSourceRuns(
  versions: readonly Version[],
  chosen: readonly string[] | undefined,
  sorted: string,
): SourceRuns {
  const ids = [...new Set(versions.flatMap(({ run_id }) => run_id || []))];
  const newest = ids.slice(0, RUNS_AT_ONCE);
  const wanted = chosen ? withSorted(chosen, sorted) : null;
  const told = useQuery(runsByIds(newest, wanted)).data;
  const lacks =
    !chosen && isColumn(sorted) && told?.runs.some(({ values }) => !Object.hasOwn(values, sorted));
  const asked = lacks ? withSorted(usualColumns(told?.columns ?? []), sorted) : wanted;
  const ordered = useQuery({ ...runsByIds(newest, asked), enabled: lacks === true }).data;
  const first = (lacks && ordered) || told;
  const usual = usualColumns(first?.columns ?? []);
  const rest = Array.from({ length: Math.max(0, Math.ceil(ids.length / RUNS_AT_ONCE) - 1) }, (_, at) =>
    ids.slice((at + 1) * RUNS_AT_ONCE, (at + 2) * RUNS_AT_ONCE),
  );
  const others = useQueries({
    queries: rest.map((some) => ({ ...runsByIds(some, asked ?? usual), enabled: first !== undefined })),
  });
  const found = [first, ...others.map(({ data }) => data)].flatMap((part) => part?.runs ?? []);
  return {
    runs: new Map(found.map((run) => [run.id, run])),
    all: allColumns(first?.columns ?? []),
    usual,
  };
}

const withSorted = (columns: readonly string[], sorted: string): string[] =>
  [...new Set([...columns, sorted])].filter(isColumn).sort();

/** Whether it can be one; an address may be written by hand. */
const isColumn = (id: string): boolean => /^(?:metrics|params)\../.test(id);

type Columns = ChosenRuns["columns"];

/** Metrics that most have, telling names before others, and params where they differ. */
export function usualColumns(columns: Columns): string[] {
  const placed = columns
    .filter(({ place }) => place !== null && place !== undefined)
    .sort((a, b) => (a.place ?? 0) - (b.place ?? 0));
  const most = Math.max(0, ...columns.map(({ runs }) => runs));
  const varies = ({ distinct, runs }: Columns[number]) => most < 2 || (distinct ?? 0) > 1 || runs < most;
  const named = (kind: "metric" | "param") =>
    placed.filter((one) => one.kind === kind && (kind === "metric" || varies(one))).map(idOf);
  return [...named("metric").slice(0, MOST_METRICS), ...named("param").slice(0, MOST_PARAMS)];
}

export function allColumns(columns: Columns): string[] {
  const named = (kind: "metric" | "param") =>
    columns
      .filter((one) => one.kind === kind && !isSystem(one.key))
      .sort((a, b) => byName(a.key, b.key))
      .map(idOf);
  return [...named("metric"), ...named("param")];
}

const idOf = ({ kind, key }: Columns[number]): string => `${kind}s.${key}`;

/** What a run has in a column; figures of metrics. */
export function valueIn(run: RunRow | undefined, column: string): string | number | null {
  const value = (run && own(run.values, column)) ?? null;
  return value !== null && column.startsWith("metrics.") ? toNumber(value) : value;
}
