import { useMediaQuery } from "@mantine/hooks";
import type { RunsView } from "./useRunsView.ts";

export type Mode = "table" | "split" | "charts";

/** Table, split view or charts: as the URL says, else what the window has room for. */
export function useMode({ search, change }: RunsView): [Mode, (mode: Mode) => void] {
  const wide = useMediaQuery("(min-width: 1100px)", false, { getInitialValueInEffect: false });
  const usual: Mode = wide ? "split" : "table";
  return [search.m ?? usual, (mode) => change({ m: mode === usual ? undefined : mode })];
}
