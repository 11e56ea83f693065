import { useState } from "react";
import { experimentKeys } from "@/api/experiments.ts";
import { useLive } from "@/api/live.ts";
import { queryClient } from "@/api/queryClient.ts";
import { runKeys } from "@/api/runs.ts";

const NONE: ReadonlySet<string> = new Set();

interface NewRuns {
  count: number;
  show: () => void;
}

/** Follows the experiments. New runs appear by themselves where they come first; elsewhere they are announced. */
export function useNewRuns(experimentIds: readonly string[], enterByThemselves: boolean): NewRuns {
  const place = experimentIds.join();
  const [found, setFound] = useState<{ place: string; ids: ReadonlySet<string> }>({ place, ids: NONE });
  const ids = found.place === place ? found.ids : NONE;
  const show = () => {
    setFound({ place, ids: NONE });
    void queryClient.invalidateQueries({ queryKey: runKeys.pages(experimentIds) });
    void queryClient.invalidateQueries({ queryKey: ["runs", "count"] });
    void queryClient.invalidateQueries({ queryKey: experimentKeys.values(experimentIds) });
  };
  useLive(
    experimentIds.map((id) => `exp:${id}`),
    {
      onNew: (started) =>
        enterByThemselves ? show() : setFound({ place, ids: new Set([...ids, ...started]) }),
    },
  );
  return { count: ids.size, show };
}
