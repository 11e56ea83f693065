/** What a run logged over steps besides numbers: pictures, sound, film. */
import { queryOptions } from "@tanstack/react-query";
import { type MediaSeries, mediaSeries } from "@/lib/mediaSeries.ts";
import { runFiles } from "./files.ts";

export function mediaOf(runId: string) {
  return queryOptions({
    queryKey: ["artifacts", runId, "media", "series"],
    queryFn: async ({ signal }): Promise<MediaSeries[]> => {
      const files = runFiles(runId);
      const below = async (path: string) => await files.list(path, signal);
      const [pictures, kinds] = await Promise.all([below("images"), below("media")]);
      const wanted = kinds.filter(({ path, is_dir }) => is_dir && /^media\/(audio|video)$/.test(path));
      const keys = (await Promise.all(wanted.map(({ path }) => below(path)))).flat();
      const shots = (await Promise.all(keys.map(({ path }) => below(path)))).flat();
      return mediaSeries([...pictures, ...shots].map(({ path }) => path));
    },
  });
}
