import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { experimentList } from "@/api/experiments.ts";
import { PAGE, readRows } from "@/api/runRows.ts";
import { type RunQuery, restoreRuns, runKeys } from "@/api/runs.ts";
import { Empty, Failed, Skeleton } from "@/components/State.tsx";
import { quoteText } from "@/lib/filter.ts";
import { formatAgo, plural } from "@/lib/format.ts";
import { toast, toastFailure } from "@/lib/toasts.ts";
import { useNow } from "@/lib/useNow.ts";
import { TrashList } from "./TrashList.tsx";

/** Runs that were deleted by themselves; those of a deleted experiment come back with it. */
export function TrashedRuns({ text }: { text: string }) {
  const now = useNow();
  const queries = useQueryClient();
  const active = useActiveExperiments();
  const experiments = active.names;
  const query: RunQuery = {
    experimentIds: [...(experiments?.keys() ?? [])],
    filter: text && `run_name ILIKE ${quoteText(`%${text}%`)}`,
    orderBy: [],
    view: "DELETED_ONLY",
  };
  const list = useInfiniteQuery({
    queryKey: ["runs", "trash", query],
    queryFn: ({ pageParam, signal }) => readRows(query, [], pageParam, PAGE, signal),
    initialPageParam: 0,
    getNextPageParam: (last, pages) => (pages.length * PAGE < last.total ? pages.length * PAGE : undefined),
    enabled: experiments !== undefined,
  });
  if (active.error) return <Failed error={active.error} retry={() => active.refetch()} />;
  if (list.isPending) return <Skeleton />;
  if (list.isError) return <Failed error={list.error} retry={() => list.refetch()} />;
  const runs = list.data.pages.flatMap((page) => page.runs);
  if (!runs.length)
    return <Empty title={text ? "No deleted run has that in its name" : "No run is in the trash"} />;
  const restore = async (ids: string[]) => {
    const outcome = await restoreRuns(ids).catch(toastFailure);
    if (outcome) toast(`${plural(outcome.changed, "run")} restored.`);
    await queries.invalidateQueries({ queryKey: runKeys.all });
  };
  return (
    <TrashList
      noun="run"
      items={runs.map(({ id, name, experimentId, start, trashed }) => ({
        id,
        name,
        facts: [
          experiments?.get(experimentId) ?? `experiment ${experimentId}`,
          start ? `created ${formatAgo(start, now)}` : "",
          trashed ? `deleted ${formatAgo(trashed, now)}` : "",
        ],
      }))}
      total={list.data.pages.at(-1)?.total ?? null}
      readMore={() => list.hasNextPage && !list.isFetching && list.fetchNextPage()}
      restore={restore}
    />
  );
}

/** Names by id, once all pages are read. */
function useActiveExperiments() {
  const { data, error, hasNextPage, isFetching, fetchNextPage, refetch } = useInfiniteQuery(
    experimentList({ filter: "", orderBy: "last_update_time DESC", view: "ACTIVE_ONLY" }),
  );
  const goesOn = hasNextPage && !isFetching && !error;
  useEffect(() => {
    if (goesOn) void fetchNextPage();
  }, [goesOn, fetchNextPage]);
  const all = data?.pages.flatMap((page) => page.experiments ?? []) ?? [];
  return {
    names:
      data && !hasNextPage ? new Map(all.map(({ experiment_id, name }) => [experiment_id, name])) : undefined,
    error,
    refetch,
  };
}
