/** What the server says of itself. */
import { queryOptions } from "@tanstack/react-query";
import { answer, asFailure, client, PREFIX } from "./client.ts";

export const serverInfo = queryOptions({
  queryKey: ["server"],
  queryFn: async ({ signal }) => {
    const [info, version] = await Promise.all([
      answer(client.GET("/api/3.0/mlflow/server-info", { signal })),
      readVersion(signal),
    ]);
    return { version, store: info.store_type ?? "none", extensions: info.extensions ?? 0 };
  },
  staleTime: 300_000,
});

async function readVersion(signal: AbortSignal): Promise<string> {
  const response = await fetch(`${PREFIX}/version`, { signal }).catch((cause: unknown) => {
    throw asFailure(cause);
  });
  return response.ok ? response.text() : "unknown";
}
