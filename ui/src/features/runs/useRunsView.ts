/** What the workspace shows, read from the URL: the search, the columns, and ways to change them. */
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { columnsOf } from "@/api/experiments.ts";
import { type RunQuery, runCount } from "@/api/runs.ts";
import { type Column, formatSort, orderBy, parseColumn, parseSort, type Sort } from "@/lib/columns.ts";
import { type FilterFault, faultIn, toFilter } from "@/lib/filter.ts";
import { defaultColumns, numericColumns } from "./defaultColumns.ts";
import type { RunsSearch } from "./search.ts";
import { widthOf } from "./widths.ts";

const route = getRouteApi("/experiments/$experimentId");

const LATEST: Sort = { id: "start_time", descending: true };
export const LATEST_FIRST = orderBy(LATEST, new Set());
export const TOP_LEVEL = "tags.mlflow.parentRunId IS NULL";
const BY_ATTRIBUTE = new Set(["start_time", "run_name", "status", "user_id"]);

export interface RunsView {
  experimentId: string;
  search: RunsSearch;
  /** Changes part of the state; `replace` leaves no step in the history. */
  change: (part: Partial<RunsSearch>, replace?: boolean) => void;
  /** All runs of the search, nested or not. */
  flat: RunQuery;
  /** The rows at the grid's top level. */
  top: RunQuery;
  nested: boolean;
  fault: FilterFault | null;
  /** The pinned ones come first. */
  columns: Column[];
  /** The columns whose values are numbers. */
  numeric: ReadonlySet<string>;
  pinned: number;
  /** Of each column, in pixels. */
  widths: number[];
  sort: Sort;
  setSort: (sort: Sort) => void;
}

export function useRunsView(): RunsView {
  const { experimentId } = route.useParams();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const known = useQuery(columnsOf(experimentId)).data;
  const sort = search.s ? parseSort(search.s) : LATEST;
  const numeric = useMemo(() => numericColumns(known ?? []), [known]);
  const order = orderBy(sort, numeric);
  const asked: RunQuery = {
    experimentIds: [experimentId],
    filter: toFilter(search.q ?? ""),
    orderBy: order,
    view: search.state === "deleted" ? "DELETED_ONLY" : "ACTIVE_ONLY",
  };
  const { filter, fault } = useReadableFilter(asked);
  const flat = { ...asked, filter };
  const nested = search.n ? search.n === "1" : !filter && BY_ATTRIBUTE.has(sort.id);
  const both = filter ? `(${filter}) AND ${TOP_LEVEL}` : TOP_LEVEL;
  const change = (part: Partial<RunsSearch>, replace = false) =>
    void navigate({ search: (before) => ({ ...before, ...part }), replace });
  const chosen = search.c ?? (known ? defaultColumns(known) : []);
  const readable = chosen.filter((id) => parseColumn(id) !== null);
  const pins = readable.filter((id) => search.pin?.includes(id));
  const ordered = [...pins, ...readable.filter((id) => !pins.includes(id))];
  const columns = ordered.map(parseColumn).filter((column) => column !== null);
  return {
    experimentId,
    search,
    change,
    flat,
    top: nested ? { ...flat, filter: both } : flat,
    nested,
    fault,
    columns,
    numeric,
    widths: columns.map((column) => widthOf(column, search.b !== undefined)),
    pinned: pins.length,
    sort,
    setSort: (next) => change({ s: formatSort(next) === formatSort(LATEST) ? undefined : formatSort(next) }),
  };
}

/** The runs of an experiment that train at this moment. */
export const running = (experimentId: string): RunQuery => ({
  experimentIds: [experimentId],
  filter: "status = 'RUNNING'",
  orderBy: [],
  view: "ACTIVE_ONLY",
});

/** The filter asked for, or, while the server cannot read it, the last one that it could. */
function useReadableFilter(asked: RunQuery): { filter: string; fault: FilterFault | null } {
  const [good, setGood] = useState(asked.filter);
  const { isSuccess, isPlaceholderData, error } = useQuery({
    ...runCount(asked),
    enabled: asked.filter !== "",
  });
  const readable = asked.filter === "" || (isSuccess && !isPlaceholderData);
  if (readable && good !== asked.filter) setGood(asked.filter);
  if (readable) return { filter: asked.filter, fault: null };
  const fault = error ? faultIn(asked.filter, error.message) : null;
  return { filter: fault && good === asked.filter ? "" : good, fault };
}
