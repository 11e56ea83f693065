/** The logged models of an experiment as the URL asks for them, and ways to ask otherwise. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useMemo } from "react";
import { type LoggedModel, loggedModelList } from "@/api/loggedModels.ts";
import { datasetOf } from "@/lib/datasetId.ts";
import { toFilter } from "@/lib/filter.ts";
import { useReadable } from "@/lib/useReadable.ts";
import { useSettled } from "@/lib/useSettled.ts";
import { type Column, columnsIn, defaultColumns, orderOf } from "./columns.ts";
import type { LoggedModelsSearch } from "./search.ts";

const route = getRouteApi("/experiments/$experimentId/models");
const NEWEST = "-created";

export interface LoggedModelsView {
  experimentId: string;
  search: LoggedModelsSearch;
  change: (part: Partial<LoggedModelsSearch>) => void;
  sort: string;
  models: LoggedModel[];
  /** All columns that there are, and those that are shown. */
  known: Column[];
  columns: Column[];
  isPending: boolean;
  error: Error | null;
  /** Reads the next page; null where there is none. */
  more: (() => void) | null;
  refetch: () => void;
}

export function useLoggedModels(): LoggedModelsView {
  const { experimentId } = route.useParams();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { q = "", d, s: sort = NEWEST, c } = search;
  const filter = useSettled(toFilter(q, "name"), 250);
  const dataset = d ? datasetOf(d) : null;
  const list = useInfiniteQuery(loggedModelList({ experimentId, filter, order: orderOf(sort), dataset }));
  const pages = useReadable(list.data?.pages, list.error, experimentId);
  const models = useMemo(() => pages?.flatMap((page) => page.models) ?? [], [pages]);
  const known = useMemo(() => columnsIn(models), [models]);
  const columns = useMemo(
    () =>
      c ? c.flatMap((id) => known.find((column) => column.id === id) ?? []) : defaultColumns(known, models),
    [c, known, models],
  );
  return {
    experimentId,
    search,
    change: (part) => void navigate({ search: (before) => ({ ...before, ...part }), replace: true }),
    ...{ sort, models, known, columns },
    isPending: list.isPending,
    error: list.error,
    more: list.hasNextPage ? () => void list.fetchNextPage() : null,
    refetch: () => void list.refetch(),
  };
}
