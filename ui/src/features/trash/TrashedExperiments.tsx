import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { experimentList, restoreExperiment } from "@/api/experiments.ts";
import { Empty, Failed, Skeleton } from "@/components/State.tsx";
import { quoteText } from "@/lib/filter.ts";
import { formatAgo, plural } from "@/lib/format.ts";
import { toast, toastFailure } from "@/lib/toasts.ts";
import { useNow } from "@/lib/useNow.ts";
import { TrashList } from "./TrashList.tsx";

export function TrashedExperiments({ text }: { text: string }) {
  const now = useNow();
  const queries = useQueryClient();
  const filter = text && `name ILIKE ${quoteText(`%${text}%`)}`;
  const list = useInfiniteQuery(
    experimentList({ filter, orderBy: "last_update_time DESC", view: "DELETED_ONLY" }),
  );
  if (list.isPending) return <Skeleton />;
  if (list.isError) return <Failed error={list.error} retry={() => list.refetch()} />;
  const experiments = list.data.pages.flatMap((page) => page.experiments ?? []);
  if (!experiments.length) {
    return (
      <Empty title={text ? "No deleted experiment has that in its name" : "No experiment is in the trash"} />
    );
  }
  const restore = async (ids: string[]) => {
    let done = 0;
    try {
      for (const id of ids) {
        await restoreExperiment(id);
        done += 1;
      }
    } catch (failure) {
      toastFailure(failure as Error);
    }
    if (done) toast(`${plural(done, "experiment")} restored, with all runs.`);
    await queries.invalidateQueries({ queryKey: ["experiments"] });
    await queries.invalidateQueries({ queryKey: ["runs"] });
  };
  return (
    <TrashList
      noun="experiment"
      items={experiments.map(({ experiment_id, name, last_update_time }) => ({
        id: experiment_id,
        name,
        facts: last_update_time ? [`deleted ${formatAgo(last_update_time, now)}`] : [],
      }))}
      total={list.hasNextPage ? null : experiments.length}
      readMore={() => list.hasNextPage && !list.isFetching && list.fetchNextPage()}
      restore={restore}
    />
  );
}
