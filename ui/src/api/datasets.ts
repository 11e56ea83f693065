/** Datasets: what runs used, where else it was used, and what was measured on it. */
import { queryOptions } from "@tanstack/react-query";
import { answer, client, type Schemas } from "./client.ts";

export interface UsedDataset {
  name: string;
  digest: string;
  /** What runs of the experiment used it for; `training`, `evaluation` … */
  contexts: string[];
}

export type Dataset = Schemas["Dataset"];
export type Lineage = Schemas["DatasetLineage"];

/** The datasets of one or several experiments by name; the server tells at most a thousand. */
export function datasetsOf(...experimentIds: string[]) {
  return queryOptions({
    queryKey: ["datasets", "of", experimentIds.join()],
    queryFn: async ({ signal }): Promise<UsedDataset[]> => {
      const url = "/ajax-api/2.0/mlflow/experiments/search-datasets";
      const body = { experiment_ids: experimentIds };
      const found = (await answer(client.POST(url, { body, signal }))).dataset_summaries ?? [];
      const groups = Map.groupBy(found, ({ name, digest }) => JSON.stringify([name, digest]));
      return [...groups.values()].map((uses) => ({
        name: uses[0]?.name ?? "",
        digest: uses[0]?.digest ?? "",
        contexts: [...new Set(uses.flatMap(({ context }) => context || []))].sort(),
      }));
    },
  });
}

/** Which runs used a dataset, and which models were measured on it, anywhere. */
export function lineageOf(name: string, digest: string) {
  return queryOptions({
    queryKey: ["datasets", "lineage", name, digest],
    queryFn: ({ signal }): Promise<Lineage> =>
      answer(client.GET("/api/ext/v1/datasets/lineage", { params: { query: { name, digest } }, signal })),
  });
}
