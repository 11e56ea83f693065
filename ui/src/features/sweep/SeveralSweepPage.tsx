/** Which params matter, over the runs of several experiments or of all. */
import { getRouteApi } from "@tanstack/react-router";
import { Several, SeveralHead } from "@/components/SeveralHead.tsx";
import { SweepView } from "./SweepView.tsx";
import { useSweep } from "./useSweep.ts";

const route = getRouteApi("/runs/sweep");

export function SeveralSweepPage() {
  const { e } = route.useSearch();
  return <Several e={e}>{(ids, more) => <Sweep experimentIds={ids} more={more} />}</Several>;
}

function Sweep({ experimentIds, more }: { experimentIds: string[]; more: boolean }) {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const sweep = useSweep({
    experimentIds,
    several: true,
    search,
    change: (part, replace = true) =>
      void navigate({ search: (before) => ({ ...before, ...part }), replace }),
  });
  return (
    <>
      <SeveralHead
        search={search}
        change={sweep.change}
        screen="sweep"
        latest={more ? experimentIds.length : undefined}
      />
      <SweepView sweep={sweep} />
    </>
  );
}
