/** What a panel draws: its metric, and those that were added to it. */
import { useQueries } from "@tanstack/react-query";
import type { Series } from "@/api/metrics.ts";
import type { Axis } from "@/lib/axes.ts";
import type { ReadSeries } from "./types.ts";

interface Wanted {
  read: ReadSeries;
  runIds: string[];
  keys: readonly string[];
  axis: Axis;
  range: [number, number] | null;
  enabled: boolean;
}

interface PanelSeries {
  /** Of the first metric first; undefined while it is read. */
  data: Series[] | undefined;
  error: Error | null;
  isPending: boolean;
}

export function usePanelSeries({ read, runIds, keys, axis, range, enabled }: Wanted): PanelSeries {
  return useQueries({
    queries: keys.map((key) => ({ ...read({ runIds, key, axis, range }), enabled })),
    combine: joined,
  });
}

interface Found {
  data: Series[] | undefined;
  error: Error | null;
  isPending: boolean;
}

function joined(found: readonly Found[]): PanelSeries {
  const [first] = found;
  const error = found.find((one) => one.error)?.error ?? null;
  const isPending = found.some((one) => one.isPending);
  if (found.length === 1) return { data: first?.data, error, isPending };
  return { data: first?.data && found.flatMap(({ data }) => data ?? []), error, isPending };
}
