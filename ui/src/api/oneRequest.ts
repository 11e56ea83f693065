/** One request that answers several queries, each the first time that it is asked. */
import type { FetchQueryOptions, QueryKey } from "@tanstack/react-query";
import { queryClient } from "./queryClient.ts";

/** Has queries answered by parts of what `read` answers; afterwards each is read by itself. */
export function oneRequest<Whole>(read: () => Promise<Whole>) {
  let asked: Promise<Whole> | undefined;
  return <T, K extends QueryKey>(query: FetchQueryOptions<T, Error, T, K>, part: (of: Whole) => T): void => {
    let first = true;
    const own = query.queryFn;
    const queryFn: typeof own = (context) => {
      if (!first && typeof own === "function") return own(context);
      first = false;
      asked ??= read();
      return asked.then(part);
    };
    void queryClient.prefetchQuery({ ...query, queryFn });
  };
}
