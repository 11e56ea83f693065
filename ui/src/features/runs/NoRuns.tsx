import { useQuery } from "@tanstack/react-query";
import { experimentById } from "@/api/experiments.ts";
import { runCount } from "@/api/runs.ts";
import { Button } from "@/components/Button.tsx";
import { FirstRun } from "@/components/FirstRun.tsx";
import { Empty } from "@/components/State.tsx";
import { plural } from "@/lib/format.ts";
import type { RunsView } from "./useRunsView.ts";

export function NoRuns({ view }: { view: RunsView }) {
  const unfiltered = useQuery(runCount({ ...view.flat, filter: "" })).data ?? 0;
  const name = useQuery(experimentById(view.experimentId)).data?.name ?? "";
  if (view.flat.filter) {
    return (
      <Empty title="No run matches">
        <p>{plural(unfiltered, "run")} without the filter.</p>
        <Button onClick={() => view.change({ q: undefined })}>Clear the filter</Button>
      </Empty>
    );
  }
  if (view.flat.view === "DELETED_ONLY") return <Empty title="No run is in the trash" />;
  return (
    <Empty title="Log the first run">
      <FirstRun experiment={name} />
    </Empty>
  );
}
