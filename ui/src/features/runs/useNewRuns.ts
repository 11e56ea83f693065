import { useState } from "react";
import { experimentKeys } from "@/api/experiments.ts";
import { useLive } from "@/api/live.ts";
import { queryClient } from "@/api/queryClient.ts";
import { runKeys } from "@/api/runs.ts";

interface NewRuns {
  count: number;
  show: () => void;
}

/** Follows the experiments. New runs appear by themselves where they come first; elsewhere they are announced. */
export function useNewRuns(experimentIds: readonly string[], enterByThemselves: boolean): NewRuns {
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set());
  const show = () => {
    setIds(new Set());
    void queryClient.invalidateQueries({ queryKey: runKeys.pages(experimentIds) });
    void queryClient.invalidateQueries({ queryKey: ["runs", "count"] });
    void queryClient.invalidateQueries({ queryKey: experimentKeys.values(experimentIds) });
  };
  useLive(
    experimentIds.map((id) => `exp:${id}`),
    {
      onNew: (started) => (enterByThemselves ? show() : setIds((before) => new Set([...before, ...started]))),
    },
  );
  return { count: ids.size, show };
}
