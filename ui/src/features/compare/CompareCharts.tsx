import { useMemo } from "react";
import { optionsFromUrl, optionsToUrl } from "@/charts/optionsFromUrl.ts";
import { Panels } from "@/charts/Panels.tsx";
import { useSlots } from "@/lib/ownColors.ts";
import type { Compared } from "./useCompared.ts";

/** The same runs' metrics in the same colours as in the table. */
export function CompareCharts({ compared: { runs, search, change, remove } }: { compared: Compared }) {
  const { x, sm, y, z, bd, k = "", p, sec, full } = search;
  const options = useMemo(() => optionsFromUrl({ x, sm, y, z, bd }), [x, sm, y, z, bd]);
  const key = JSON.stringify(runs.map(({ id, name }) => [id, name]));
  const slots = useSlots(runs.map(({ id }) => id));
  const shown = useMemo(
    () =>
      (JSON.parse(key) as [string, string][]).map(([id, name]) => ({
        id,
        name: name || id,
        slot: slots.get(id) ?? 0,
      })),
    [key, slots],
  );
  const metrics = [...new Set(runs.flatMap((run) => Object.keys(run.metrics)))];
  return (
    <Panels
      metrics={metrics}
      runs={shown}
      onHide={runs.length > 2 ? remove : undefined}
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
