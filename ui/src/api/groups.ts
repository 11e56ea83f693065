/** Metrics of groups of runs over time, as charts draw them. */
import type { Query } from "@tanstack/react-query";
import { toNumber } from "@/lib/format.ts";
import type { Value } from "@/lib/series.ts";
import { answer, client, type Schemas } from "./client.ts";
import type { Sample, Series } from "./metrics.ts";
import type { RunQuery } from "./runs.ts";

type GroupSeries = Schemas["GroupSeries"];

/** A group's id among the groups that a chart shows. */
export const groupId = (values: readonly (string | null)[]): string => JSON.stringify(values);

/** Reads one metric of the groups of a search; `band` says what min and max of the series are. */
export function groupsSampled(query: RunQuery, by: readonly string[], band: "spread" | "range") {
  const select = (found: GroupSeries[]): Series[] => found.map((one) => toSeries(one, band));
  return ({ key, axis, range }: Sample) => ({
    queryKey: ["metrics", "groups", key, axis, range, query, by] as const,
    queryFn: async ({ signal }: { signal: AbortSignal }): Promise<GroupSeries[]> => {
      const body = {
        experiment_ids: query.experimentIds,
        by: [...by],
        keys: [key],
        filter: query.filter,
        run_view_type: query.view,
        x: axis,
        ...(range ? { start: range[0], end: range[1] } : {}),
      };
      return (await answer(client.POST("/api/ext/v1/metrics/groups", { body, signal }))).series ?? [];
    },
    select,
    // what a panel showed before may have been single runs, which look otherwise
    placeholderData: (before: GroupSeries[] | undefined, query: Query<GroupSeries[]> | undefined) =>
      query?.queryKey[1] === "groups" ? before : undefined,
  });
}

function toSeries(group: GroupSeries, band: "spread" | "range"): Series {
  const [mean, std] = [group.mean.map(toNumber), group.std.map(toNumber)];
  const around = (sign: 1 | -1): Value[] => mean.map((value, at) => value + sign * (std[at] ?? 0));
  return {
    run_id: groupId(group.values),
    key: group.key,
    count: group.x.length,
    exact: false,
    x: group.x.map(toNumber),
    last: mean,
    mean,
    min: band === "range" ? group.min.map(toNumber) : around(-1),
    max: band === "range" ? group.max.map(toNumber) : around(1),
  };
}
