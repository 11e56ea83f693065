import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useMemo } from "react";
import { sampled } from "@/api/metrics.ts";
import { runById } from "@/api/runs.ts";
import { groupSystem } from "@/charts/groups.ts";
import { epochMarks, epochMetric } from "@/charts/marks.ts";
import { optionsFromUrl, optionsToUrl } from "@/charts/optionsFromUrl.ts";
import { Panels } from "@/charts/Panels.tsx";
import { Empty } from "@/components/State.tsx";
import type { Axis } from "@/lib/axes.ts";
import { isSystem } from "@/lib/metricNames.ts";
import { useSlots } from "@/lib/ownColors.ts";

const route = getRouteApi("/runs/$runId");

/** Where the run's epochs began, if it logs their count. */
function useEpochs(runId: string, keys: readonly string[], axis: Axis) {
  const key = epochMetric(keys);
  const { data } = useQuery({
    ...sampled({ runIds: [runId], key: key ?? "", axis, range: null }),
    enabled: key !== undefined,
  });
  return useMemo(() => (data?.[0] ? epochMarks(data[0]) : undefined), [data]);
}

/** Processor, memory, disk, network and each GPU over the time since the run started. */
export function RunSystem() {
  const { runId } = route.useParams();
  const { x = "relative", sm, y, z, bd, k = "", p, sec, full } = route.useSearch();
  const navigate = route.useNavigate();
  const { data: run } = useQuery(runById(runId));
  const keys = Object.keys(run?.metrics ?? {});
  const marks = useEpochs(runId, keys, x);
  const options = useMemo(
    () => ({ ...optionsFromUrl({ x, sm, y, z, bd }), marks }),
    [x, sm, y, z, bd, marks],
  );
  const name = run?.name ?? "";
  const slot = useSlots([runId]).get(runId) ?? 0;
  const runs = useMemo(() => [{ id: runId, name, slot }], [runId, name, slot]);
  const metrics = keys.filter((key) => isSystem(key));
  const change = (part: object) =>
    void navigate({ to: "/runs/$runId/system", search: (before) => ({ ...before, ...part }), replace: true });
  if (run && metrics.length === 0) {
    return (
      <Empty title="No system metrics">
        <p>
          Record processor, memory, disk, network and GPUs with{" "}
          <code>mlflow.enable_system_metrics_logging()</code>.
        </p>
      </Empty>
    );
  }
  return (
    <Panels
      metrics={metrics}
      axes={keys}
      grouping={groupSystem}
      runs={runs}
      options={options}
      onOptions={(part) => {
        const { x: axis, ...rest } = optionsToUrl(part);
        change("axis" in part ? { ...rest, x: axis ?? "step" } : rest);
      }}
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
