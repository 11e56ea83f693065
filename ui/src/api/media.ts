/** What runs logged over steps besides numbers: pictures, sound, film. */
import { queryOptions } from "@tanstack/react-query";
import type { MediaSeries } from "@/lib/mediaSeries.ts";
import { answer, client, type Schemas } from "./client.ts";
import { together } from "./together.ts";

export function mediaOf(runId: string) {
  return queryOptions({
    queryKey: ["artifacts", runId, "media", "series"],
    queryFn: () => readMedia(runId),
  });
}

const readMedia = together<MediaSeries[]>({
  most: 100,
  one: async (runId) => (await find([runId])).map(toSeries),
  many: async (runIds) => {
    const found = Map.groupBy(await find(runIds), ({ run_id }) => run_id);
    return new Map(runIds.map((runId) => [runId, (found.get(runId) ?? []).map(toSeries)]));
  },
});

async function find(run_ids: string[]): Promise<Schemas["MediaSeries"][]> {
  const params = { query: { run_ids } };
  return (await answer(client.GET("/api/ext/v1/runs/images", { params }))).images ?? [];
}

const toSeries = ({ key, kind, steps, times, paths, previews }: Schemas["MediaSeries"]): MediaSeries => ({
  key,
  kind,
  shots: steps.map((step, at) => ({
    step,
    time: times[at] as number,
    path: paths[at] as string,
    small: previews[at] || undefined,
  })),
});
