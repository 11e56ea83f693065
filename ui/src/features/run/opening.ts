/** One request for what a run's page shows first; the queries of its parts find their answers there. */
import { useState } from "react";
import { answer, client } from "@/api/client.ts";
import { experimentById } from "@/api/experiments.ts";
import { summaries, toSummary } from "@/api/metrics.ts";
import { oneRequest } from "@/api/oneRequest.ts";
import { queryClient } from "@/api/queryClient.ts";
import { liveness, PARENT_TAG, runById, runCount, runName, toRun } from "@/api/runs.ts";
import { directlyBelow } from "./Related.tsx";

/** On arrival at a run, reads what is not known of it yet; what is shown need not wait. */
export function useOpening(runId: string): void {
  const [opened, setOpened] = useState("");
  if (opened === runId) return;
  setOpened(runId);
  openRun(runId);
}

function openRun(runId: string): void {
  const params = { path: { run_id: runId } };
  const share = oneRequest(() =>
    answer(client.GET("/api/ext/v1/runs/{run_id}", { params })).then(({ opening }) => opening),
  );
  share(runById(runId), (opening) => {
    const run = toRun(opening.run);
    const { experiment, children, parent, stale } = opening;
    queryClient.setQueryData(experimentById(run.experimentId).queryKey, experiment);
    queryClient.setQueryData(runCount(directlyBelow(run)).queryKey, children);
    queryClient.setQueryData(liveness([runId]).queryKey, new Set(stale ? [runId] : []));
    const above = run.tags[PARENT_TAG];
    if (above && parent) queryClient.setQueryData(runName(above).queryKey, parent);
    return run;
  });
  share(summaries([runId], null), (opening) => opening.summaries.map(toSummary));
}
