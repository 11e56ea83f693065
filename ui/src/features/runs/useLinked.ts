/** What cells lead to: read only while their columns are shown. */
import { useQueries, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { experimentsById } from "@/api/experiments.ts";
import { versionsOfRuns } from "@/api/models.ts";
import { PAGE, type RunRow } from "@/api/runRows.ts";
import type { Linked } from "./LinkCell.tsx";
import type { RunsView } from "./useRunsView.ts";

export function useLinked({ columns, experimentIds }: RunsView, runs: readonly RunRow[]): Linked {
  const shows = (key: string) => columns.some((column) => column.kind === "attribute" && column.key === key);
  const withModels = shows("models");
  const { data: named } = useQuery({
    ...experimentsById(experimentIds),
    enabled: shows("experiment_id") && experimentIds.length > 0,
  });
  const chunks = withModels
    ? Array.from({ length: Math.ceil(runs.length / PAGE) }, (_, at) =>
        runs.slice(at * PAGE, (at + 1) * PAGE).map(({ id }) => id),
      )
    : [];
  const found = useQueries({ queries: chunks.map((ids) => versionsOfRuns(ids)) });
  const read = found.map(({ dataUpdatedAt }) => dataUpdatedAt).join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: `read` says when `found` differs
  return useMemo(
    () => ({
      experiments: new Map(named?.map(({ experiment_id, name }) => [experiment_id, name])),
      versions: Map.groupBy(
        found.flatMap(({ data }) => data ?? []),
        ({ run_id }) => run_id ?? "",
      ),
    }),
    [named, read],
  );
}
