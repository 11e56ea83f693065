/** Runs of several experiments at once, or of all there are. */
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useMemo } from "react";
import { experimentList, experimentsById, LATEST_EXPERIMENTS } from "@/api/experiments.ts";
import { Header } from "@/components/Header.tsx";
import { Failed, Skeleton } from "@/components/State.tsx";
import { ViewsMenu } from "@/components/ViewsMenu.tsx";
import { plural } from "@/lib/format.ts";
import { ChooseExperiments } from "./ChooseExperiments.tsx";
import { FollowedRuns } from "./FollowedRuns.tsx";
import { type RunsView, useRunsView } from "./useRunsView.ts";
import { Workspace } from "./Workspace.tsx";

const route = getRouteApi("/runs");

export function SeveralRunsPage() {
  const { e } = route.useSearch();
  const all = useInfiniteQuery({ ...experimentList(LATEST_EXPERIMENTS), enabled: e === undefined });
  const joined = (e ?? all.data?.pages[0]?.experiments?.map(({ experiment_id }) => experiment_id))?.join();
  const ids = useMemo(() => (joined === undefined ? null : joined.split(",").filter(Boolean)), [joined]);
  if (!ids && all.error) return <Failed error={all.error} retry={() => all.refetch()} />;
  if (!ids) return <Skeleton rows={12} />;
  return <Runs experimentIds={ids} more={e === undefined && all.hasNextPage} />;
}

function Runs({ experimentIds, more }: { experimentIds: string[]; more: boolean }) {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const view = useRunsView({
    experimentIds,
    several: true,
    search,
    change: (part, replace = false) =>
      void navigate({ search: (before) => ({ ...before, ...part }), replace }),
  });
  return <Workspace view={view} head={(ready) => <PageHead {...{ view, ready, more }} />} />;
}

function PageHead({ view, ready, more }: { view: RunsView; ready: boolean; more: boolean }) {
  const { e } = view.search;
  const named = useQuery({ ...experimentsById(e ?? []), enabled: e !== undefined }).data;
  const names = named?.map(({ name }) => name).join(", ") ?? "";
  return (
    <Header
      title={e ? `Runs of ${plural(e.length, "experiment")}` : "Runs of all experiments"}
      crumbs={
        <Link to="/experiments" search={{}}>
          Experiments
        </Link>
      }
      aside={
        <>
          <ChooseExperiments view={view} />
          <ViewsMenu
            experimentId={e?.[0]}
            screen="runs"
            place="#/runs"
            start={{ e }}
            search={view.search}
            onView={(v) => view.change({ v }, true)}
          />
        </>
      }
    >
      <FollowedRuns view={view} ready={ready} />
      <span title={names}>{more ? `those of the latest ${view.experimentIds.length}` : names}</span>
    </Header>
  );
}
