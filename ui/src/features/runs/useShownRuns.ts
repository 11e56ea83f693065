/** Runs in charts: those of the URL, else the pinned and the first rows; each keeps its colour while it is shown. */
import { useQuery } from "@tanstack/react-query";
import { useMemo, useRef } from "react";
import { runPage } from "@/api/runRows.ts";
import { assignSlots } from "@/lib/colors.ts";
import { useOwnColors } from "@/lib/ownColors.ts";
import type { Rows } from "./useRunRows.ts";
import type { RunsView } from "./useRunsView.ts";

const USUAL = 20;
const LOOKED_AT = 60; // rows among which the first with metrics are sought
const TOP = /^top:(\d{1,2})$/;

export const TOPS = [5, 10, 20, 50] as const;
export const topOf = (count: number): string[] | undefined =>
  count === USUAL ? undefined : [`top:${count}`];

export interface ShownRuns {
  ids: string[];
  /** How many of the first rows are shown; null where runs are chosen one by one. */
  first: number | null;
  slots: ReadonlyMap<string, number>;
  toggle: (id: string) => void;
  show: (ids: readonly string[]) => void;
}

/** `wanted` says that there are charts to show them in. */
export function useShownRuns(
  { flat, asked, search, change, pins }: RunsView,
  rows: Rows,
  wanted: boolean,
): ShownRuns {
  const wish = TOP.exec(search.r?.length === 1 ? (search.r[0] as string) : "");
  const chosen = wish ? undefined : search.r;
  const most = Math.max(Math.min(Number(wish?.[1] ?? USUAL), LOOKED_AT - 10), 1) + pins.length;
  const upper = Array.from({ length: Math.min(rows.count, LOOKED_AT) }, (_, index) => rows.at(index).run);
  const measured = upper.filter((run) => run?.measured === true);
  const hidden = wanted && !rows.isPending && measured.length === 0 && rows.count > 0; // below closed parents
  const first = useQuery({ ...runPage(flat, asked, 0), enabled: hidden && chosen === undefined }).data;
  const usual = (hidden ? (first?.runs ?? []) : measured).slice(0, most).map((run) => run?.id ?? "");
  const joined = (chosen ?? usual).join();
  const ids = useMemo(() => (joined ? joined.split(",") : []), [joined]);
  const before = useRef<ReadonlyMap<string, number>>(new Map());
  const own = useOwnColors((state) => state.slots);
  const slots = useMemo(() => {
    const assigned = assignSlots(ids, before.current, own);
    before.current = new Map([...assigned].filter(([id]) => !own.has(id)));
    return assigned;
  }, [ids, own]);
  return {
    ids,
    first: chosen ? null : most - pins.length,
    slots,
    toggle: (id) => change({ r: ids.includes(id) ? ids.filter((one) => one !== id) : [...ids, id] }, true),
    show: (more) => change({ r: [...new Set([...ids, ...more])] }),
  };
}
