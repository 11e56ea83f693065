/** The runs of one experiment. */
import { getRouteApi } from "@tanstack/react-router";
import { useMemo } from "react";
import { ExperimentHead } from "@/components/ExperimentHead.tsx";
import { ViewsMenu } from "@/components/ViewsMenu.tsx";
import { FollowedRuns } from "./FollowedRuns.tsx";
import { type RunsView, useRunsView } from "./useRunsView.ts";
import { Workspace } from "./Workspace.tsx";

const route = getRouteApi("/experiments/$experimentId");

export function RunsPage() {
  const { experimentId } = route.useParams();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const experimentIds = useMemo(() => [experimentId], [experimentId]);
  const view = useRunsView({
    experimentIds,
    several: false,
    search,
    change: (part, replace = false) =>
      void navigate({ search: (before) => ({ ...before, ...part }), replace }),
  });
  return (
    <Workspace view={view} head={(ready) => <PageHead experimentId={experimentId} {...{ view, ready }} />} />
  );
}

function PageHead({ experimentId, view, ready }: { experimentId: string; view: RunsView; ready: boolean }) {
  return (
    <ExperimentHead
      experimentId={experimentId}
      aside={
        <ViewsMenu
          experimentId={experimentId}
          screen="runs"
          search={view.search}
          onView={(v) => view.change({ v }, true)}
        />
      }
    >
      <FollowedRuns view={view} ready={ready} />
    </ExperimentHead>
  );
}
