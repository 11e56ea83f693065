/** Rows of the grid: any of them by number, read page by page as they come into view, with open parents' children. */
import { useQueries, useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useRef } from "react";
import { valuesOf } from "@/api/experiments.ts";
import { NEAR, orderOf } from "@/api/runOrders.ts";
import { type Asked, isOneOf, PAGE, type RunPage, type RunRow, runPage, runRows } from "@/api/runRows.ts";
import { PARENT_TAG, type RunQuery } from "@/api/runs.ts";
import { useSeenPages } from "@/components/grid/useSeenPages.ts";
import { quoteText } from "@/lib/filter.ts";
import type { RunsView } from "./useRunsView.ts";

export interface Row {
  run: RunRow | undefined;
  depth: number;
  /** How many children it has. */
  size: number;
  open: boolean;
}

export interface Rows {
  count: number;
  /** How many of the rows are pinned; they are the first. */
  pinned: number;
  at: (index: number) => Row;
  /** Says which rows are in view, those that are pinned not counted, so that they are read. */
  see: (first: number, last: number) => void;
  loaded: RunRow[];
  /** Whether runs may be below others, and so are not among the rows. */
  hasChildren: boolean;
  /** How many runs are below each run that has any. */
  parents: ReadonlyMap<string, number>;
  toggle: (id: string) => void;
  isPending: boolean;
  error: Error | null;
  refetch: () => void;
}

const MOST_PARENTS = 1000;
const MOST_CHILDREN = 1000;
const OPEN_AT_FIRST = 100; // children; a single sweep opens by itself
const AT_REST = 250; // milliseconds

const NO_PAGES: ReadonlyMap<number, RunPage | undefined> = new Map();

interface Insert {
  position: number;
  rows: Row[];
}

export function useRunRows(view: RunsView): Rows {
  const { top, asked, nested, experimentIds, search, change, pins } = view;
  const [seen, see] = useSeenPages(PAGE);
  const pageIndexes = [...new Set([0, ...range(...seen)])];
  const first = useQuery(runPage(top, asked, 0));
  const others = useQueries({ queries: pageIndexes.slice(1).map((index) => runPage(top, asked, index)) });
  const pages = [first, ...others];
  const byPage = new Map<number, RunPage | undefined>(
    pageIndexes.map((index, at) => [index, pages[at]?.data]),
  );
  useOrderAhead(top, first.isPlaceholderData ? 0 : (first.data?.total ?? 0));
  const parents = useParents(experimentIds, nested);
  const total = [...parents.values()].reduce((sum, size) => sum + size, 0);
  const opened = nested ? (search.o ?? (total <= OPEN_AT_FIRST ? [...parents.keys()] : [])) : [];
  const children = useChildren(opened, top, asked);
  const pinned = usePinned(pins, top, asked);
  const positions = usePositions(top, first.isPlaceholderData ? NO_PAGES : byPage);
  const rowOf = (run: RunRow, depth: number): Row => ({
    run,
    depth,
    size: parents.get(run.id) ?? 0,
    open: opened.includes(run.id),
  });
  const below = (id: string, depth: number): Row[] =>
    (children.get(id) ?? [])
      .filter((run) => !pins.includes(run.id))
      .flatMap((run) => [rowOf(run, depth), ...(depth < 8 ? below(run.id, depth + 1) : [])]);
  const inserts: Insert[] = opened
    .flatMap((id) => {
      const position = positions.get(id);
      return position === undefined ? [] : [{ position, rows: below(id, 1) }];
    })
    .sort((a, b) => a.position - b.position);
  const at = (index: number): Row => {
    const above = pinned[index];
    if (above) return { run: above, depth: 0, size: 0, open: false };
    let left = index - pinned.length;
    for (const { position, rows } of inserts) {
      if (left <= position) break;
      if (left <= position + rows.length) return rows[left - position - 1] as Row;
      left -= rows.length;
    }
    const run = byPage.get(Math.floor(left / PAGE))?.runs[left % PAGE];
    return run ? rowOf(run, 0) : { run: undefined, depth: 0, size: 0, open: false };
  };
  const read = pages.map(({ dataUpdatedAt }) => dataUpdatedAt).join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: `read` and `children` say when the pages differ
  const loaded = useMemo(
    () => [
      ...pinned,
      ...[...byPage.values()].flatMap((page) => page?.runs ?? []),
      ...[...children.values()].flat().filter((run) => !pins.includes(run.id)),
    ],
    [pageIndexes.join(), read, children, pinned],
  );
  const inserted = inserts.reduce((sum, { rows }) => sum + rows.length, 0);
  const failed = pages.find((page) => page.isError);
  return {
    count: pinned.length + (first.data?.total ?? 0) + inserted,
    pinned: pinned.length,
    at,
    see,
    loaded,
    hasChildren: parents.size > 0,
    parents,
    toggle: (id) =>
      change({ o: opened.includes(id) ? opened.filter((one) => one !== id) : [...opened, id] }, true),
    isPending: first.isPending,
    error: failed?.error ?? null,
    refetch: () => void failed?.refetch(),
  };
}

/** Once the first of many rows have been there for a moment, have their order found, so that any of them is near. */
function useOrderAhead(query: RunQuery, total: number): void {
  const [many, key] = [total > NEAR, JSON.stringify(query)];
  useEffect(() => {
    if (!many) return;
    const later = setTimeout(() => void orderOf(JSON.parse(key)).catch(() => {}), AT_REST); // a page will tell why
    return () => clearTimeout(later);
  }, [many, key]);
}

/** The runs that others are below, and how many. */
export const parentsOf = (experimentIds: readonly string[]) =>
  valuesOf(experimentIds, "tag", PARENT_TAG, "", MOST_PARENTS);

/** How many children each run has. */
function useParents(experimentIds: readonly string[], nested: boolean): ReadonlyMap<string, number> {
  const { data } = useQuery({ ...parentsOf(experimentIds), enabled: nested });
  return useMemo(
    () => new Map(nested ? data?.map(({ value, count }) => [value, count]) : []),
    [data, nested],
  );
}

/** The pinned runs, in the order of the pins, whatever the search is; those that are gone are left out. */
function usePinned(pins: readonly string[], { experimentIds, view }: RunQuery, asked: Asked): RunRow[] {
  const query: RunQuery = { experimentIds, filter: isOneOf(pins), orderBy: [], view };
  const { data } = useQuery({ ...runRows(query, asked, 0, PAGE, true), enabled: pins.length > 0 });
  return useMemo(() => pins.flatMap((id) => data?.runs.find((run) => run.id === id) ?? []), [pins, data]);
}

function useChildren(
  opened: readonly string[],
  { experimentIds, orderBy, view }: RunQuery,
  asked: Asked,
): Map<string, RunRow[]> {
  const found = useQueries({
    queries: opened.map((id) => {
      const query: RunQuery = {
        experimentIds,
        orderBy,
        view,
        filter: `tags.${PARENT_TAG} = ${quoteText(id)}`,
      };
      return runRows(query, asked, 0, MOST_CHILDREN);
    }),
  });
  const read = found.map(({ dataUpdatedAt }) => dataUpdatedAt).join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: `read` says when `found` differs
  return useMemo(
    () => new Map(opened.map((id, index) => [id, found[index]?.data?.runs ?? []])),
    [opened.join(), read],
  );
}

/** Where top-level runs stand, remembered while the search stays the same, so that open parents keep their place. */
function usePositions(query: RunQuery, pages: ReadonlyMap<number, RunPage | undefined>): Map<string, number> {
  const key = JSON.stringify(query);
  const known = useRef({ key, positions: new Map<string, number>() });
  if (known.current.key !== key) known.current = { key, positions: new Map() };
  for (const [index, page] of pages) {
    page?.runs.forEach((run, at) => {
      known.current.positions.set(run.id, index * PAGE + at);
    });
  }
  return known.current.positions;
}

const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, at) => from + at);
