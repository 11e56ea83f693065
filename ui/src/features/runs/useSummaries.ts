/** Minima, maxima and means of the metric columns that ask for them. */
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { summaries } from "@/api/metrics.ts";
import { queryClient } from "@/api/queryClient.ts";
import type { Run } from "@/api/runs.ts";
import type { Column } from "@/lib/columns.ts";
import { type Summaries, summaryKey } from "./cells.ts";

export function useSummaries(runs: readonly Run[], columns: readonly Column[]): Summaries {
  const { data } = useQuery(
    summaries(
      runs.map((run) => run.id),
      keysOf(columns),
    ),
  );
  return useMemo(
    () => new Map(data?.map((summary) => [summaryKey(summary.run_id, summary.key), summary])),
    [data],
  );
}

export async function readSummaries(ids: string[], columns: readonly Column[]): Promise<Summaries> {
  const keys = keysOf(columns);
  const found = ids.length && keys.length ? await queryClient.fetchQuery(summaries(ids, keys)) : [];
  return new Map(found.map((summary) => [summaryKey(summary.run_id, summary.key), summary]));
}

const keysOf = (columns: readonly Column[]): string[] => [
  ...new Set(
    columns.flatMap((column) =>
      column.kind === "metric" && column.aggregate !== "last" ? [column.key] : [],
    ),
  ),
];
