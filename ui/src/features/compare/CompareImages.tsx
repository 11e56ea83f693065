import { MediaTable } from "@/components/MediaTable.tsx";
import type { Compared } from "./useCompared.ts";

/** What the runs logged over steps, at the same step: a row a key, a column a run. */
export function CompareImages({ compared: { runs, search, change } }: { compared: Compared }) {
  return (
    <MediaTable
      runs={runs}
      columns="runs"
      step={search.st}
      onStep={(st) => change({ st })}
      none="These runs have no images over steps"
    />
  );
}
