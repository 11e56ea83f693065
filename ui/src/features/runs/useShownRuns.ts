/** Runs in charts: those of the URL, else the first rows; each keeps its colour while it is shown. */
import { useQuery } from "@tanstack/react-query";
import { useMemo, useRef } from "react";
import { runPage } from "@/api/runs.ts";
import { assignSlots } from "@/lib/colors.ts";
import type { Rows } from "./useRunRows.ts";
import type { RunsView } from "./useRunsView.ts";

const USUAL = 10;
const LOOKED_AT = 60; // rows among which the first with metrics are sought

export interface ShownRuns {
  ids: string[];
  slots: ReadonlyMap<string, number>;
  toggle: (id: string) => void;
  show: (ids: readonly string[]) => void;
}

/** `wanted` says that there are charts to show them in. */
export function useShownRuns({ flat, search, change }: RunsView, rows: Rows, wanted: boolean): ShownRuns {
  const upper = Array.from({ length: Math.min(rows.count, LOOKED_AT) }, (_, index) => rows.at(index).run);
  const measured = upper.filter((run) => run !== undefined && Object.keys(run.metrics).length > 0);
  const hidden = wanted && !rows.isPending && measured.length === 0 && rows.count > 0; // below closed parents
  const first = useQuery({ ...runPage(flat, 0), enabled: hidden && search.r === undefined }).data;
  const usual = (hidden ? (first?.runs ?? []) : measured).slice(0, USUAL).map((run) => run?.id ?? "");
  const joined = (search.r ?? usual).join();
  const ids = useMemo(() => (joined ? joined.split(",") : []), [joined]);
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
