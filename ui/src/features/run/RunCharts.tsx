import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useMemo } from "react";
import { runById } from "@/api/runs.ts";
import { optionsFromUrl, optionsToUrl } from "@/charts/optionsFromUrl.ts";
import { Panels } from "@/charts/Panels.tsx";
import { isSystem } from "@/lib/metricNames.ts";
import { useSlots } from "@/lib/ownColors.ts";

const route = getRouteApi("/runs/$runId");

export function RunCharts() {
  const { runId } = route.useParams();
  const { x, sm, y, z, bd, k = "", p, sec, full } = route.useSearch();
  const navigate = route.useNavigate();
  const { data: run } = useQuery(runById(runId));
  const options = useMemo(() => optionsFromUrl({ x, sm, y, z, bd }), [x, sm, y, z, bd]);
  const name = run?.name ?? "";
  const slot = useSlots([runId]).get(runId) ?? 0;
  const runs = useMemo(() => [{ id: runId, name, slot }], [runId, name, slot]);
  const change = (part: object) =>
    void navigate({ to: "/runs/$runId/charts", search: (before) => ({ ...before, ...part }), replace: true });
  return (
    <Panels
      metrics={Object.keys(run?.metrics ?? {}).filter((key) => !isSystem(key))}
      runs={runs}
      options={options}
      onOptions={(part) => change(optionsToUrl(part))}
      search={k}
      onSearch={(text) => change({ k: text || undefined })}
      own={p}
      onOwn={(own) => change({ p: own })}
      sections={sec}
      onSections={(sections) => change({ sec: sections })}
      full={full}
      onFull={(metric) => change({ full: metric })}
    />
  );
}
