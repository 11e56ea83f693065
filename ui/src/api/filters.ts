/** Filters of runs, read by the server alone. */
import { queryOptions } from "@tanstack/react-query";
import { answer, client } from "./client.ts";

/** Why a filter cannot be read, and which part of the text is to be underlined. */
export interface FilterFault {
  message: string;
  start: number;
  end: number;
}

/** What is wrong with a filter; null where nothing is. */
export function faultOf(filter: string) {
  return queryOptions({
    queryKey: ["filter", filter] as const,
    queryFn: async ({ signal }): Promise<FilterFault | null> => {
      const { error } = await answer(client.POST("/api/ext/v1/filter/parse", { body: { filter }, signal }));
      return error ? placed(filter, error) : null;
    },
    enabled: filter !== "",
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** The server counts characters, and texts here count those beyond the first 65,536 twice. What is missing is one wide. */
export function placed(text: string, { message, start, end }: FilterFault): FilterFault {
  const characters = [...text];
  const width = (count: number) => characters.slice(0, count).join("").length;
  return { message, start: width(start), end: Math.max(width(end), width(start) + 1) };
}
