/** Which params of an experiment matter. */
import { getRouteApi } from "@tanstack/react-router";
import { useMemo } from "react";
import { ExperimentHead } from "@/components/ExperimentHead.tsx";
import { ViewsMenu } from "@/components/ViewsMenu.tsx";
import { SweepView } from "./SweepView.tsx";
import { useSweep } from "./useSweep.ts";

const route = getRouteApi("/experiments/$experimentId/sweep");

export function SweepPage() {
  const { experimentId } = route.useParams();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const experimentIds = useMemo(() => [experimentId], [experimentId]);
  const sweep = useSweep({
    experimentIds,
    several: false,
    search,
    change: (part, replace = true) =>
      void navigate({ search: (before) => ({ ...before, ...part }), replace }),
  });
  return (
    <>
      <ExperimentHead
        experimentId={experimentId}
        aside={
          <ViewsMenu
            experimentId={experimentId}
            screen="sweep"
            search={search}
            onView={(v) => sweep.change({ v })}
          />
        }
      />
      <SweepView sweep={sweep} />
    </>
  );
}
