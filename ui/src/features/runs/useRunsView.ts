/** What the workspace shows, read from the URL: the search, the columns, and ways to change them. */
import { useQuery } from "@tanstack/react-query";
import { useCallback, useMemo, useState } from "react";
import { ApiError } from "@/api/client.ts";
import { columnsOf } from "@/api/experiments.ts";
import { type FilterFault, faultOf } from "@/api/filters.ts";
import type { Asked } from "@/api/runRows.ts";
import { PARENT_TAG, type RunQuery } from "@/api/runs.ts";
import type { GridColumns } from "@/components/grid/columns.ts";
import { parseWidths } from "@/components/grid/ownWidths.ts";
import {
  type Column,
  columnId,
  formatSort,
  orderBy,
  parseColumn,
  parseSort,
  type Sort,
} from "@/lib/columns.ts";
import { quoteText, toFilter } from "@/lib/filter.ts";
import { smallerIsBetter } from "@/lib/metricNames.ts";
import { rangeCondition } from "@/lib/timeRange.ts";
import { useNow } from "@/lib/useNow.ts";
import { askedFor, defaultColumns, numericColumns } from "./defaultColumns.ts";
import type { RunsSearch } from "./search.ts";
import { widthOf } from "./widths.ts";

const LATEST: Sort = { id: "start_time", descending: true };
export const LATEST_FIRST = orderBy(LATEST, new Set());
export const TOP_LEVEL = `tags.${PARENT_TAG} IS NULL`;
const BY_ATTRIBUTE = new Set(["start_time", "run_name", "status", "user_id"]);
const MOST_PINS = 20;

/** Where the workspace stands. */
export interface Place {
  experimentIds: string[];
  /** Whether runs may be of several experiments, so that each says of which it is. */
  several: boolean;
  search: RunsSearch;
  /** Changes part of the state; `replace` leaves no step in the history. */
  change: (part: Partial<RunsSearch>, replace?: boolean) => void;
}

export interface RunsView extends Place {
  /** All runs of the search, nested or not. */
  flat: RunQuery;
  /** The rows at the grid's top level, without those that are pinned. */
  top: RunQuery;
  /** What the filter box asks for, without the time range. */
  written: string;
  nested: boolean;
  fault: FilterFault | null;
  /** The pinned ones come first. */
  columns: Column[];
  /** What is asked of each run for them, and for what is said of all runs at once; nothing until columns are known. */
  asked: Asked;
  /** The columns whose values are numbers. */
  numeric: ReadonlySet<string>;
  pinned: number;
  /** Runs that stay above the others. */
  pins: string[];
  pin: (ids: readonly string[]) => void;
  /** Whether less of a metric is better: as its name says, unless somebody knows better. */
  smaller: (key: string) => boolean;
  /** Of each column, in pixels. */
  widths: number[];
  sort: Sort;
  setSort: (sort: Sort) => void;
  /** The same columns as the grid knows them. */
  grid: GridColumns;
}

export function useRunsView(place: Place): RunsView {
  const { experimentIds, several, search, change } = place;
  const now = useNow(60_000);
  const known = useQuery(columnsOf(experimentIds)).data;
  const sort = search.s ? parseSort(search.s) : LATEST;
  const numeric = useMemo(() => numericColumns(known ?? []), [known]);
  const order = orderBy(sort, numeric);
  const view = search.state === "deleted" ? "DELETED_ONLY" : "ACTIVE_ONLY";
  const { filter: written, fault } = useReadableFilter(toFilter(search.q ?? ""));
  const filter = joined([written, rangeCondition(search.t ?? "", now)]);
  const flat: RunQuery = { experimentIds, filter, orderBy: order, view };
  const nested = search.n ? search.n === "1" : !filter && BY_ATTRIBUTE.has(sort.id);
  const pins = useMemo(() => [...new Set(search.pr ?? [])].slice(0, MOST_PINS), [search.pr]);
  const unpinned = pins.length ? `run_id NOT IN (${pins.map(quoteText).join(", ")})` : "";
  const chosen = search.c ?? (known ? withSorted(defaultColumns(known, several), sort.id) : []);
  const readable = chosen.filter((id) => parseColumn(id) !== null);
  const kept = readable.filter((id) => search.pin?.includes(id));
  const flipped = (search.fl ?? []).join("\0");
  const turned = useMemo(() => (flipped ? flipped.split("\0") : []), [flipped]);
  const ordered = [...kept, ...readable.filter((id) => !kept.includes(id))];
  const columns = ordered.map(parseColumn).filter((column) => column !== null);
  const told = known ? askedFor(columns, known).join("\0") : "";
  const asked = useMemo(() => (told ? told.split("\0") : []), [told]);
  const ownWidths = parseWidths(search.cw ?? []);
  const widths = columns.map(
    (column) => ownWidths.get(columnId(column)) ?? widthOf(column, search.b !== undefined),
  );
  const setSort = (next: Sort) =>
    change({ s: formatSort(next) === formatSort(LATEST) ? undefined : formatSort(next) });
  return {
    ...place,
    flat,
    top: { ...flat, filter: joined([filter, nested ? TOP_LEVEL : "", unpinned]) },
    written,
    nested,
    fault,
    columns,
    asked,
    numeric,
    widths,
    pinned: kept.length,
    smaller: useCallback((key) => smallerIsBetter(key) !== turned.includes(key), [turned]),
    pins,
    pin: (ids) => change(withPins(search, pins, ids)),
    sort,
    setSort,
    grid: {
      ids: columns.map(columnId),
      pinned: kept.length,
      ...{ widths, sort, setSort, search },
      change: (part) => change(part, true),
    },
  };
}

/** The runs of the experiments that train at this moment. */
export const running = (experimentIds: string[]): RunQuery => ({
  experimentIds,
  filter: "status = 'RUNNING'",
  orderBy: [],
  view: "ACTIVE_ONLY",
});

/** The column that runs are sorted by is among those that nobody chose. */
function withSorted(ids: string[], sorted: string): string[] {
  const column = parseColumn(sorted);
  return column && column.kind !== "attribute" && !ids.includes(sorted) ? [sorted, ...ids] : ids;
}

/** Conditions that must all hold; what the box holds may be joined by `or`. */
const joined = (conditions: readonly string[]): string => {
  const said = conditions.filter(Boolean);
  return said.length < 2 ? (said[0] ?? "") : said.map((condition) => `(${condition})`).join(" AND ");
};

/** Pins runs, or lets them go where all of them are pinned. Charts that show chosen runs show a pinned one too. */
function withPins({ r }: RunsSearch, pins: readonly string[], ids: readonly string[]): Partial<RunsSearch> {
  const release = ids.every((id) => pins.includes(id));
  const after = release ? pins.filter((id) => !ids.includes(id)) : [...new Set([...pins, ...ids])];
  const shown = r && !release && !r[0]?.startsWith("top:") ? [...new Set([...r, ...ids])] : r;
  return { pr: after.length ? after.slice(0, MOST_PINS) : undefined, r: shown };
}

/** The filter asked for, or, while the server cannot read it, the last one that it could. */
function useReadableFilter(asked: string): { filter: string; fault: FilterFault | null } {
  const [good, setGood] = useState(asked);
  const { data: fault, error } = useQuery(faultOf(asked));
  const away = error instanceof ApiError && error.status === 0; // the rows stay until the server is back
  const readable = asked === "" || fault === null || (error !== null && !away); // then the search says what is wrong
  if (readable && good !== asked) setGood(asked);
  if (readable) return { filter: asked, fault: null };
  return { filter: fault && good === asked ? "" : good, fault: fault ?? null };
}
