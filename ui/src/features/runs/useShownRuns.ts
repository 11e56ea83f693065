/** Runs in charts: those of the URL, else the first of the search; each keeps its colour while it is shown. */
import { useQuery } from "@tanstack/react-query";
import { useMemo, useRef } from "react";
import { runPage } from "@/api/runs.ts";
import { assignSlots } from "@/lib/colors.ts";
import type { RunsView } from "./useRunsView.ts";

const USUAL = 10;

export interface ShownRuns {
  ids: string[];
  slots: ReadonlyMap<string, number>;
  toggle: (id: string) => void;
  show: (ids: readonly string[]) => void;
}

export function useShownRuns({ flat, search, change }: RunsView): ShownRuns {
  const first = useQuery({ ...runPage(flat, 0), enabled: search.r === undefined }).data;
  const ids = useMemo(
    () =>
      search.r ??
      first?.runs
        .filter((run) => Object.keys(run.metrics).length > 0)
        .slice(0, USUAL)
        .map((run) => run.id) ??
      [],
    [search.r, first],
  );
  const before = useRef<ReadonlyMap<string, number>>(new Map());
  const slots = useMemo(() => {
    const assigned = assignSlots(ids, before.current);
    before.current = assigned;
    return assigned;
  }, [ids]);
  return {
    ids,
    slots,
    toggle: (id) => change({ r: ids.includes(id) ? ids.filter((one) => one !== id) : [...ids, id] }, true),
    show: (more) => change({ r: [...new Set([...ids, ...more])] }),
  };
}
