/** The runs of one experiment. */
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useMemo } from "react";
import { experimentById } from "@/api/experiments.ts";
import { ExperimentTabs } from "@/components/ExperimentTabs.tsx";
import { Header } from "@/components/Header.tsx";
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
  const { data } = useQuery(experimentById(experimentId));
  return (
    <>
      <Header
        title={data?.name ?? "…"}
        crumbs={
          <Link to="/experiments" search={{}}>
            Experiments
          </Link>
        }
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
        {data?.lifecycle_stage === "deleted" && <span>in the trash</span>}
      </Header>
      <ExperimentTabs experimentId={experimentId} />
    </>
  );
}
