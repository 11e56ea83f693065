import { useQuery } from "@tanstack/react-query";
import { runCount } from "@/api/runs.ts";
import { Live } from "@/components/Live.tsx";
import { type RunsView, running } from "./useRunsView.ts";

/** Says how many runs are going on, once the rows are there. */
export function FollowedRuns({ view, ready }: { view: RunsView; ready: boolean }) {
  return <Live running={useQuery({ ...runCount(running(view.experimentIds)), enabled: ready }).data} />;
}
