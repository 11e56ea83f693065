/** The logged models of an experiment as the URL asks for them, and ways to ask otherwise. */
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useMemo } from "react";
import { type KnownModelColumn, type ModelQuery, modelColumns } from "@/api/modelRows.ts";
import type { GridColumns } from "@/components/grid/columns.ts";
import { parseWidths } from "@/components/grid/ownWidths.ts";
import { formatSort, parseSort, type Sort } from "@/lib/columns.ts";
import { datasetOf } from "@/lib/datasetId.ts";
import { toFilter } from "@/lib/filter.ts";
import { useSettled } from "@/lib/useSettled.ts";
import {
  askedFor,
  type Column,
  columnsOf,
  defaultColumns,
  type Facts,
  orderOf,
  parseColumn,
  widthOf,
} from "./columns.ts";
import type { LoggedModelsSearch } from "./search.ts";
import { type ModelRows, useModelRows } from "./useModelRows.ts";

const route = getRouteApi("/experiments/$experimentId/models");
const NEWEST: Sort = { id: "created", descending: true };
const NOTHING: KnownModelColumn[] = [];

export interface LoggedModelsView {
  experimentId: string;
  search: LoggedModelsSearch;
  change: (part: Partial<LoggedModelsSearch>) => void;
  /** All columns that there can be, with what is known of them, and those that are shown, the pinned ones first. */
  all: Column[];
  known: KnownModelColumn[];
  columns: Column[];
  /** The same columns as the grid knows them. */
  grid: GridColumns;
  rows: ModelRows;
}

export function useLoggedModels(): LoggedModelsView {
  const { experimentId } = route.useParams();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const change = (part: Partial<LoggedModelsSearch>) =>
    void navigate({ search: (before) => ({ ...before, ...part }), replace: true });
  const { q = "", d, s, c, pin, cw } = search;
  const sort = s ? parseSort(s) : NEWEST;
  const told = useQuery(modelColumns(experimentId));
  const known = told.data ?? NOTHING;
  const shown = useMemo(
    () => (facts: Facts) => (c ? c.flatMap((id) => parseColumn(id) ?? []) : defaultColumns(known, facts)),
    [c, known],
  );
  const asked = useMemo(() => askedFor(shown({ steps: false, registered: false })), [shown]);
  const query: ModelQuery = {
    experimentId,
    filter: useSettled(toFilter(q, "name"), 250),
    order: orderOf(sort),
    dataset: d ? datasetOf(d) : null,
  };
  const rows = useModelRows(query, asked, { byRun: search.g === "run", enabled: !told.isPending });
  const { steps, registered } = rows;
  const columns = useMemo(() => {
    const chosen = shown({ steps, registered });
    const pinned = chosen.filter(({ id }) => pin?.includes(id));
    return [...pinned, ...chosen.filter((column) => !pinned.includes(column))];
  }, [shown, steps, registered, pin]);
  const own = parseWidths(cw ?? []);
  return {
    ...{ experimentId, search, change, known, columns, rows },
    all: useMemo(() => columnsOf(known), [known]),
    grid: {
      ids: columns.map(({ id }) => id),
      pinned: columns.filter(({ id }) => pin?.includes(id)).length,
      widths: columns.map((column) => own.get(column.id) ?? widthOf(column)),
      sort,
      setSort: (next) =>
        change({ s: formatSort(next) === formatSort(NEWEST) ? undefined : formatSort(next) }),
      search: { c, pin, cw },
      change,
    },
  };
}
