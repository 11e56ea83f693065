/** Runs of several experiments at once, or of all there are. */
import { getRouteApi } from "@tanstack/react-router";
import { Several, SeveralHead } from "@/components/SeveralHead.tsx";
import { FollowedRuns } from "./FollowedRuns.tsx";
import { useRunsView } from "./useRunsView.ts";
import { Workspace } from "./Workspace.tsx";

const route = getRouteApi("/runs");

export function SeveralRunsPage() {
  const { e } = route.useSearch();
  return <Several e={e}>{(ids, more) => <Runs experimentIds={ids} more={more} />}</Several>;
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
  return (
    <Workspace
      view={view}
      head={(ready) => (
        <SeveralHead
          search={search}
          change={view.change}
          screen="runs"
          latest={more ? experimentIds.length : undefined}
        >
          <FollowedRuns view={view} ready={ready} />
        </SeveralHead>
      )}
    />
  );
}
