import { QueryClient } from "@tanstack/react-query";
import { ApiError } from "./client.ts";

/** Refusals are final; only a server that does not answer is asked again. */
const worthRetrying = (failures: number, error: Error): boolean =>
  failures < 2 && !(error instanceof ApiError && error.status >= 400 && error.status < 500);

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: { staleTime: 15_000, gcTime: 300_000, retry: worthRetrying, refetchOnWindowFocus: true },
  },
});
