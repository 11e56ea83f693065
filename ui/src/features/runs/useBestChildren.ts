/** Of each closed parent the run below it that did best, by the metric that the table is ordered by, or the first one. */
import { keepPreviousData, queryOptions, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { bestChildren, type RunRow } from "@/api/runRows.ts";
import { type Column, columnId, parseColumn } from "@/lib/columns.ts";
import type { Rows } from "./useRunRows.ts";
import type { RunsView } from "./useRunsView.ts";

const MOST = 500; // parents of one request
const NONE: ReadonlyMap<string, RunRow> = new Map();

export function useBestChildren(view: RunsView, rows: Rows): ReadonlyMap<string, RunRow> {
  const column = telling(view);
  const ids = view.nested ? rows.loaded.filter(({ id }) => rows.parents.has(id)).map(({ id }) => id) : [];
  const { data } = useQuery(
    queryOptions({
      ...bestChildren(
        ids.slice(0, MOST),
        column ? columnId(column) : "",
        column ? !view.smaller(column.key) : false,
        view.asked,
      ),
      placeholderData: keepPreviousData,
    }),
  );
  return useMemo(() => (ids.length && data ? data : NONE), [ids.length, data]);
}

type Metric = Column & { kind: "metric" };

function telling({ sort, columns }: RunsView): Metric | undefined {
  const ordered = parseColumn(sort.id);
  if (ordered?.kind === "metric") return ordered;
  return columns.find((column): column is Metric => column.kind === "metric");
}
