/** Rows of the grid: any of them by number, read page by page as they come into view; or in groups by run. */
import { useQueries, useQuery } from "@tanstack/react-query";
import { useCallback, useMemo, useState } from "react";
import {
  type AskedColumns,
  MODELS_AT_ONCE,
  type ModelPage,
  type ModelQuery,
  type ModelRow,
  modelPage,
} from "@/api/modelRows.ts";
import { useSeenPages } from "@/components/grid/useSeenPages.ts";
import { useReadable } from "@/lib/useReadable.ts";

/** A model, or the run above its models; neither where it is not loaded. */
export interface Row {
  model?: ModelRow | undefined;
  group?: { runId: string; runName: string; size: number };
}

export interface ModelRows {
  count: number;
  /** How many models match. */
  total: number;
  at: (index: number) => Row;
  /** Says which rows are in view, so that they are read. */
  see: (first: number, last: number) => void;
  loaded: ModelRow[];
  /** Whether any of the first models was logged at a step of its run, or registered. */
  steps: boolean;
  registered: boolean;
  isPending: boolean;
  /** Why the search cannot be read; the rows are then those of the last that could. */
  error: Error | null;
  refetch: () => void;
}

interface Ways {
  byRun: boolean;
  enabled: boolean;
}

export function useModelRows(wanted: ModelQuery, asked: AskedColumns, { byRun, enabled }: Ways): ModelRows {
  const [seen, see] = useSeenPages(MODELS_AT_ONCE);
  const [reach, setReach] = useState(0); // the last page of the groups
  const newest = useQuery({ ...modelPage(wanted, asked, 0), enabled });
  const fresh = newest.data && !newest.isPlaceholderData ? wanted : undefined;
  const query = useReadable(fresh, newest.error, wanted.experimentId) ?? wanted;
  const pageIndexes = [...new Set([0, ...(byRun ? range(0, reach) : range(...seen))])];
  const found = useQueries({
    queries: pageIndexes.map((index) => ({ ...modelPage(query, asked, index), enabled })),
  });
  const byPage = new Map<number, ModelPage | undefined>(
    pageIndexes.map((index, at) => [index, found[at]?.data]),
  );
  const read = found.map(({ dataUpdatedAt }) => dataUpdatedAt).join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: `read` says when the pages differ
  const loaded = useMemo(
    () => [...byPage.values()].flatMap((page) => page?.models ?? []),
    [pageIndexes.join(), read],
  );
  const grouped = useMemo(() => (byRun ? groupsOf(loaded) : null), [byRun, loaded]);
  const first = byPage.get(0);
  const total = first?.total ?? 0;
  const last = pageIndexes.at(-1) ?? 0;
  const end =
    grouped && loaded.length < total && byPage.get(last) ? grouped.length : Number.POSITIVE_INFINITY;
  const seeGroups = useCallback(
    (_: number, to: number) => void (to >= end && setReach(last + 1)),
    [end, last],
  );
  return {
    count: grouped ? grouped.length + (loaded.length < total ? 1 : 0) : total,
    total,
    at: (index) =>
      grouped
        ? (grouped[index] ?? {})
        : { model: byPage.get(Math.floor(index / MODELS_AT_ONCE))?.models[index % MODELS_AT_ONCE] },
    see: byRun ? seeGroups : see,
    loaded,
    steps: first?.models.some(({ step }) => step !== null && step !== 0) ?? false,
    registered: first?.models.some(({ versions }) => versions.length > 0) ?? false,
    isPending: !first && !newest.error,
    error: newest.error ?? found.find(({ error }) => error)?.error ?? null,
    refetch: () => void newest.refetch(),
  };
}

/** The models below their runs, in the order in which these come first. */
function groupsOf(models: readonly ModelRow[]): Row[] {
  return [...Map.groupBy(models, ({ runId }) => runId)].flatMap(([runId, own]) => [
    { group: { runId, runName: own[0]?.runName ?? "", size: own.length } },
    ...own.map((model) => ({ model })),
  ]);
}

const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, at) => from + at);
