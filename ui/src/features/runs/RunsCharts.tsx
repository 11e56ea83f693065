/** Charts of the runs that are shown; the grid is their legend. */
import { useQueries, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { columnsOf } from "@/api/experiments.ts";
import { queryClient } from "@/api/queryClient.ts";
import { type Run, runById } from "@/api/runs.ts";
import { optionsFromUrl, optionsToUrl } from "@/charts/optionsFromUrl.ts";
import { Panels } from "@/charts/Panels.tsx";
import type { ShownRun } from "@/charts/types.ts";
import type { RunsView } from "./useRunsView.ts";
import type { ShownRuns } from "./useShownRuns.ts";

export function RunsCharts({ view, shown }: { view: RunsView; shown: ShownRuns }) {
  const { search, change, experimentId } = view;
  const known = useQuery(columnsOf(experimentId)).data;
  const names = useNames(shown.ids, experimentId);
  const runs = useMemo(
    () =>
      shown.ids.map((id): ShownRun => ({ id, name: names.get(id) ?? id, slot: shown.slots.get(id) ?? -1 })),
    [shown.ids, shown.slots, names],
  );
  const { x, sm, y, z } = search;
  const options = useMemo(() => optionsFromUrl({ x, sm, y, z }), [x, sm, y, z]);
  return (
    <Panels
      metrics={known?.filter(({ kind }) => kind === "metric").map(({ key }) => key) ?? []}
      runs={runs}
      options={options}
      onOptions={(part) => change(optionsToUrl(part), true)}
      search={search.k ?? ""}
      onSearch={(text) => change({ k: text || undefined }, true)}
    />
  );
}

/** Names of the shown runs: from the pages that are read already, else one by one. */
function useNames(ids: readonly string[], experimentId: string): ReadonlyMap<string, string> {
  const found = useQueries({
    queries: ids.map((id) => ({
      ...runById(id),
      initialData: () => inPages(experimentId, id),
      staleTime: 60_000,
    })),
  });
  const joined = JSON.stringify(found.map(({ data }, at) => [ids[at], data?.name ?? ids[at]]));
  return useMemo(() => new Map(JSON.parse(joined) as [string, string][]), [joined]);
}

function inPages(experimentId: string, id: string): Run | undefined {
  const pages = queryClient.getQueriesData<{ runs: Run[] }>({ queryKey: ["runs", "pages", experimentId] });
  return pages.flatMap(([, page]) => page?.runs ?? []).find((run) => run.id === id);
}
