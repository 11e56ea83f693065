import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useMemo } from "react";
import { runById } from "@/api/runs.ts";
import { groupSystem } from "@/charts/groups.ts";
import { optionsFromUrl, optionsToUrl } from "@/charts/optionsFromUrl.ts";
import { Panels } from "@/charts/Panels.tsx";
import { Empty } from "@/components/State.tsx";

const route = getRouteApi("/runs/$runId");

/** Processor, memory, disk, network and each GPU over the time since the run started. */
export function RunSystem() {
  const { runId } = route.useParams();
  const { x = "relative", sm, y, z, bd, k = "", p, full } = route.useSearch();
  const navigate = route.useNavigate();
  const { data: run } = useQuery(runById(runId));
  const options = useMemo(() => optionsFromUrl({ x, sm, y, z, bd }), [x, sm, y, z, bd]);
  const name = run?.name ?? "";
  const runs = useMemo(() => [{ id: runId, name, slot: 0 }], [runId, name]);
  const metrics = Object.keys(run?.metrics ?? {}).filter((key) => key.startsWith("system/"));
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
      axes={Object.keys(run?.metrics ?? {})}
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
      full={full}
      onFull={(metric) => change({ full: metric })}
    />
  );
}
