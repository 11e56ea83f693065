/** The compared runs, out of the URL, and ways to change what is compared. */
import { useQueries } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { type Run, runById } from "@/api/runs.ts";
import { announce } from "@/lib/announce.ts";
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
  /** Moves a run by some places; those below 0 are to the left. */
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
      const to = Math.max(0, Math.min(ids.length - 1, at + by));
      if (at < 0 || to === at) return;
      change({ r: ids.toSpliced(at, 1).toSpliced(to, 0, id) });
      const name = runs.find((run) => run.id === id)?.name;
      announce(`${name || id} is run ${to + 1} of ${ids.length}.`);
    },
  };
}
