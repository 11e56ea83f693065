/** The rows of the list: starred experiments first, the others page by page, and what goes on in each. */
import { useInfiniteQuery, useQueries, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import {
  type Activity,
  activityOf,
  type Experiment,
  type ExperimentQuery,
  experimentList,
  experimentsAmong,
} from "@/api/experiments.ts";
import { useSettings } from "@/lib/settings.ts";
import { useStarred } from "@/lib/starred.ts";

const EVERY = 5000; // milliseconds between looks for new experiments

export function useExperimentRows(query: ExperimentQuery) {
  const starredIds = useStarred((state) => state.ids);
  const starred = useQuery(experimentsAmong(starredIds, query));
  const live = useSettings((settings) => settings.live);
  const list = useInfiniteQuery({
    ...experimentList(query),
    // no event tells of new ones; who has scrolled far is left alone
    refetchInterval: ({ state }) => live && state.data?.pages.length === 1 && EVERY,
  });
  const pages = list.data?.pages.map((page) => page.experiments ?? []) ?? [];
  const first = (starred.data ?? []).filter(({ experiment_id }) => starredIds.includes(experiment_id));
  const top = new Set(first.map(({ experiment_id }) => experiment_id));
  const others = pages.flat().filter(({ experiment_id }) => !top.has(experiment_id));
  return {
    list,
    isPending: list.isPending || (starredIds.length > 0 && starred.isPending),
    experiments: [...first, ...others],
    activity: useActivity([first, ...pages], query),
  };
}

function useActivity(
  groups: readonly (readonly Experiment[])[],
  { view }: ExperimentQuery,
): ReadonlyMap<string, Activity> {
  const found = useQueries({
    queries: groups.map((group) =>
      activityOf(
        group.map(({ experiment_id }) => experiment_id),
        view,
      ),
    ),
  });
  const read = found.map(({ dataUpdatedAt }) => dataUpdatedAt).join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: `read` says when `found` differs
  return useMemo(
    () =>
      new Map(
        found.flatMap(({ data }) => data ?? []).map((one): [string, Activity] => [one.experiment_id, one]),
      ),
    [read],
  );
}
