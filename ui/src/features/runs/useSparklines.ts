/** Small lines for the trend columns of the runs that are loaded. */
import { useQueries } from "@tanstack/react-query";
import { useMemo } from "react";
import { type Sparkline, sparklinesOf } from "@/api/metrics.ts";
import { PAGE, type RunRow } from "@/api/runRows.ts";
import type { Column } from "@/lib/columns.ts";

export type Sparklines = ReadonlyMap<string, Sparkline>;

export const sparklineKey = (runId: string, key: string): string => `${runId} ${key}`;

export function useSparklines(runs: readonly RunRow[], columns: readonly Column[]): Sparklines {
  const keys = columns.flatMap((column) => (column.kind === "trend" ? [column.key] : []));
  const ids = runs.map((run) => run.id);
  const chunks = Array.from({ length: Math.ceil(ids.length / PAGE) }, (_, at) =>
    ids.slice(at * PAGE, (at + 1) * PAGE),
  );
  const found = useQueries({
    queries: keys.flatMap((key) => chunks.map((chunk) => sparklinesOf(chunk, [key]))),
  });
  const read = found.map(({ dataUpdatedAt }) => dataUpdatedAt).join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: `read` says when `found` differs
  return useMemo(
    () =>
      new Map(
        found.flatMap(({ data }) =>
          (data ?? []).map((line): [string, Sparkline] => [sparklineKey(line.run_id, line.key), line]),
        ),
      ),
    [keys.join(), read],
  );
}
