/** Registered models as their list shows them, one request a page. */
import { infiniteQueryOptions, keepPreviousData } from "@tanstack/react-query";
import { answer, client, type Schemas } from "./client.ts";
import type { Alias } from "./models.ts";

/** A metric of the versions' runs, version by version. */
export interface Trend {
  versions: string[];
  values: number[];
}

export interface ListedModel {
  name: string;
  changed: number;
  description: string;
  /** Who registered the newest version. */
  user: string;
  /** The newest version; null where there is none. */
  latest: string | null;
  /** How many versions there are; null where the registry does not tell. */
  count: number | null;
  stages: { stage: string; version: string }[];
  aliases: Alias[];
  tags: { key: string; value: string }[];
  trend: Trend;
}

const AT_ONCE = 100;

type From = { offset: number; metric: string };

/** `metric` is what trends are of; undefined for the one that most models have, which the first page tells. */
export function listedModels(filter: string, orderBy: readonly string[], metric: string | undefined) {
  return infiniteQueryOptions({
    queryKey: ["models", "table", filter, orderBy, metric],
    queryFn: async ({ pageParam: { offset, metric }, signal }) => {
      const body = { filter, order_by: [...orderBy], offset, limit: AT_ONCE, metric };
      const table = await answer(client.POST("/api/ext/v1/models/query", { body, signal }));
      return {
        models: modelsIn(table),
        offset,
        total: table.total,
        metric: table.metric,
        metrics: table.metrics,
      };
    },
    initialPageParam: { offset: 0, metric: metric ?? "" } as From,
    getNextPageParam: ({ offset, total, metric }): From | undefined =>
      offset + AT_ONCE < total ? { offset: offset + AT_ONCE, metric } : undefined,
    placeholderData: keepPreviousData,
  });
}

const modelsIn = (table: Schemas["RegisteredModelTable"]): ListedModel[] =>
  table.names.map((name, at) => ({
    name,
    changed: table.last_updated_times[at] ?? 0,
    description: table.descriptions[at] ?? "",
    user: table.users[at] ?? "",
    latest: table.latest[at] ?? null,
    count: table.version_counts[at] ?? null,
    stages: table.stages[at] ?? [],
    aliases: (table.aliases[at] ?? []).map(({ alias, version }) => ({ alias, version: String(version) })),
    tags: (table.tags[at] ?? []).map(({ key, value = "" }) => ({ key, value })),
    trend: trendOf(table.trends[at]),
  }));

/** Infinities, which travel as texts, have no place in a line. */
function trendOf({ versions = [], values = [] }: Schemas["MetricTrend"] = {}): Trend {
  const known = values.flatMap((value, at) =>
    typeof value === "number" ? [{ value, version: versions[at] ?? "" }] : [],
  );
  return { versions: known.map(({ version }) => version), values: known.map(({ value }) => value) };
}
