/** Files of runs. Previews read at most a bounded part of a file. */
import { queryOptions } from "@tanstack/react-query";
import { ApiError, answer, client, PREFIX, type Schemas } from "./client.ts";

export type Entry = Schemas["FileInfo"];

/** A text and whether it is only the beginning of the file. */
export interface Excerpt {
  text: string;
  cut: boolean;
}

const MOST = 1 << 20; // bytes of a file that a preview reads

export const fileUrl = (runId: string, path: string): string =>
  `${PREFIX}/get-artifact?${new URLSearchParams({ run_id: runId, path })}`;

export function listing(runId: string, path: string) {
  return queryOptions({
    queryKey: ["artifacts", runId, path],
    queryFn: async ({ signal }) => {
      const files: Entry[] = [];
      for (let token = "", more = true; more; ) {
        const query = { run_id: runId, path, page_token: token };
        const page = await answer(
          client.GET("/api/2.0/mlflow/artifacts/list", { params: { query }, signal }),
        );
        files.push(...(page.files ?? []));
        token = page.next_page_token ?? "";
        more = token !== "";
      }
      return files;
    },
  });
}

export function excerpt(runId: string, path: string) {
  return queryOptions({
    queryKey: ["artifacts", runId, path, "text"],
    queryFn: async ({ signal }): Promise<Excerpt> => {
      const response = await fetch(fileUrl(runId, path), {
        headers: { range: `bytes=0-${MOST - 1}` },
        signal,
      });
      if (response.status === 416) return { text: "", cut: false }; // an empty file has no first byte
      if (!response.ok) throw new ApiError("NO_FILE", `The file '${path}' cannot be read.`, response.status);
      const size = Number(response.headers.get("content-range")?.split("/")[1] ?? 0);
      return { text: await response.text(), cut: size > MOST };
    },
  });
}
