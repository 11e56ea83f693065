/** Groups of runs in their order: by what they are grouped by, or by a column's mean. */
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { groupsOf, type RunGroup } from "@/api/sweeps.ts";
import { columnId, type Sort } from "@/lib/columns.ts";
import type { RunsView } from "./useRunsView.ts";

/** `groups` come in the order of their values; `by` and `ids` are the columns of values and of figures. */
export function ordered(
  groups: readonly RunGroup[],
  by: readonly string[],
  ids: readonly string[],
  { id, descending }: Sort,
): RunGroup[] {
  if (id === by[0]) return descending ? groups.toReversed() : [...groups];
  const at = ids.indexOf(id);
  if (at < 0) return [...groups];
  const sign = descending ? -1 : 1;
  return groups.toSorted((a, b) => {
    const [one, other] = [a.figures[at]?.mean ?? null, b.figures[at]?.mean ?? null];
    if (one === null || other === null) return Number(one === null) - Number(other === null); // without a value last
    return sign * (one - other);
  });
}

/** The groups of the view, with figures of its metric columns; asks for nothing where runs are not grouped. */
export function useGroups({ flat, columns, sort, search: { g: by = [] } }: RunsView) {
  const ids = columns.filter(({ kind }) => kind === "metric").map(columnId);
  const query = useQuery(groupsOf(flat, by, ids));
  const order = JSON.stringify([by, ids, sort]);
  const groups = useMemo(() => {
    const [values, figures, along] = JSON.parse(order) as [string[], string[], Sort];
    return query.data && ordered(query.data, values, figures, along);
  }, [query.data, order]);
  return { ...query, groups };
}
