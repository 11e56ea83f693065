/** What the server says of itself. */
import { queryOptions } from "@tanstack/react-query";
import { answer, client, PREFIX } from "./client.ts";

export const serverInfo = queryOptions({
  queryKey: ["server"],
  queryFn: async ({ signal }) => {
    const [info, version] = await Promise.all([
      answer(client.GET("/api/3.0/mlflow/server-info", { signal })),
      fetch(`${PREFIX}/version`, { signal }).then((response) => response.text()),
    ]);
    return { version, store: info.store_type ?? "none", extensions: info.extensions ?? 0 };
  },
  staleTime: 300_000,
});
