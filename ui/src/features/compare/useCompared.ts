/** The compared runs, out of the URL, and ways to change what is compared. */
import { useQueries } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { type Run, runById } from "@/api/runs.ts";
import type { CompareSearch } from "./search.ts";

const route = getRouteApi("/compare");

export interface Compared {
  search: CompareSearch;
  change: (part: Partial<CompareSearch>, replace?: boolean) => void;
  runs: Run[];
  /** The run that others are compared with. */
  reference: Run | undefined;
  isPending: boolean;
  error: Error | null;
  remove: (id: string) => void;
  /** Moves a run one place; -1 is to the left. */
  move: (id: string, by: number) => void;
}

export function useCompared(): Compared {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const ids = [...new Set(search.r ?? [])];
  const found = useQueries({ queries: ids.map((id) => runById(id)) });
  const change = (part: Partial<CompareSearch>, replace = true) =>
    void navigate({ search: (before) => ({ ...before, ...part }), replace });
  const runs = found.flatMap(({ data }) => data ?? []);
  return {
    search,
    change,
    runs,
    reference: runs.find(({ id }) => id === search.b) ?? runs[0],
    isPending: found.some(({ isPending }) => isPending),
    error: found.find(({ error }) => error)?.error ?? null,
    remove: (id) =>
      change({ r: ids.filter((one) => one !== id), b: search.b === id ? undefined : search.b }, false),
    move: (id, by) => {
      const at = ids.indexOf(id);
      change({ r: ids.toSpliced(at, 1).toSpliced(Math.max(0, at + by), 0, id) });
    },
  };
}
