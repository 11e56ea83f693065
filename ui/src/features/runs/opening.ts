/** One request for what an experiment's page shows first; the queries of its parts find their answers there. */
import { answer, client } from "@/api/client.ts";
import { columnsOf, experimentById } from "@/api/experiments.ts";
import { oneRequest } from "@/api/oneRequest.ts";
import { queryClient } from "@/api/queryClient.ts";
import { rowsOf, runPage } from "@/api/runRows.ts";
import { liveness, runCount, trainingAmong } from "@/api/runs.ts";
import { parseColumn } from "@/lib/columns.ts";
import { askedFor, defaultColumns } from "./defaultColumns.ts";
import type { RunsSearch } from "./search.ts";
import { parentsOf } from "./useRunRows.ts";
import { LATEST_FIRST, running, TOP_LEVEL } from "./useRunsView.ts";

interface Arriving {
  params: { experimentId: string };
  search: RunsSearch;
  cause: "enter" | "stay" | "preload";
}

let opened = "";

/** On arrival at an experiment, reads what is not known of it yet; the page need not wait. */
export function openExperiment({ params: { experimentId }, search, cause }: Arriving): void {
  if (cause === "stay" && experimentId === opened) return;
  opened = experimentId;
  const params = { path: { experiment_id: experimentId } };
  const share = oneRequest(() =>
    answer(client.GET("/api/ext/v1/experiments/{experiment_id}/opening", { params })).then(
      ({ opening }) => opening,
    ),
  );
  share(experimentById(experimentId), ({ experiment }) => experiment);
  share(columnsOf([experimentId]), ({ columns }) => columns);
  share(runCount(running([experimentId])), (from) => from.running);
  share(parentsOf([experimentId]), ({ children }) => children);
  if (!isUsual(search)) return;
  const top = {
    experimentIds: [experimentId],
    filter: TOP_LEVEL,
    orderBy: LATEST_FIRST,
    view: "ACTIVE_ONLY" as const,
  };
  share(runPage(top, [], 0), ({ columns, runs: table, stale }) => {
    const page = { runs: rowsOf(table), total: table.total };
    queryClient.setQueryData(liveness(trainingAmong(page.runs)).queryKey, new Set(stale));
    const shown = defaultColumns(columns)
      .map(parseColumn)
      .filter((column) => column !== null);
    queryClient.setQueryData(runPage(top, askedFor(shown, columns), 0).queryKey, page);
    return page;
  });
}

/** Whether the runs are those that everybody sees first. */
const isUsual = ({ q, s, n, t, pr, state }: RunsSearch): boolean =>
  !q && !s && !t && !pr && n !== "0" && state !== "deleted";
