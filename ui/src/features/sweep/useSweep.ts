/** What the sweep shows: target, params that vary, the runs with their values, and which of them the brushes keep. */
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { columnsOf } from "@/api/experiments.ts";
import type { RunQuery } from "@/api/runs.ts";
import { type Matrix, matrixOf, type Value } from "@/api/sweeps.ts";
import { columnName } from "@/lib/columns.ts";
import { toFilter } from "@/lib/filter.ts";
import { formatNumber } from "@/lib/format.ts";
import { isSystem, smallerIsBetter, telling } from "@/lib/metricNames.ts";
import { type Axis, axisOf, flipped } from "@/lib/scales.ts";
import { useReadable } from "@/lib/useReadable.ts";
import { useSettled } from "@/lib/useSettled.ts";
import { type AxisLook, formatLooks, parseLooks } from "./axisLooks.ts";
import { type Brushes, formatBrushes, kept, parseBrushes } from "./brushes.ts";
import type { SweepSearch } from "./search.ts";

const PAUSE = 300; // milliseconds without typing after which the filter is applied
const USUAL = 7; // params on screen at first

export interface SweepAxis {
  id: string;
  title: string;
  values: readonly Value[];
  /** As it is drawn. */
  axis: Axis;
  /** The same unflipped, for colours. */
  plain: Axis;
  look: AxisLook;
}

/** Where the sweep stands. */
export interface Place {
  experimentIds: string[];
  /** Whether runs may be of several experiments. */
  several: boolean;
  search: SweepSearch;
  /** Changes part of the state; unless `replace` is false that leaves no step in the history. */
  change: (part: Partial<SweepSearch>, replace?: boolean) => void;
}

export interface Sweep extends Place {
  query: RunQuery;
  metrics: string[];
  params: string[];
  target: string;
  smaller: boolean;
  matrix: Matrix | undefined;
  /** Params first, the target last. */
  axes: SweepAxis[];
  brushes: Brushes;
  brush: (id: string, range: [number, number] | null) => void;
  setLook: (id: string, look: AxisLook) => void;
  /** Which params are drawn, from left to right. */
  setShown: (params: string[]) => void;
  /** Numbers of the rows that have a target and lie inside all brushes. */
  rows: number[];
  /** Whether it is not known yet which metrics and params there are. */
  isPending: boolean;
  error: Error | null;
  refetch: () => void;
}

export function useSweep(place: Place): Sweep {
  const { experimentIds, search, change } = place;
  const columnsKnown = useQuery(columnsOf(experimentIds));
  const known = columnsKnown.data;
  const [metrics, params] = useMemo(
    () => [
      (known ?? [])
        .filter(({ kind, key }) => kind === "metric" && !isSystem(key))
        .sort((a, b) => b.runs - a.runs || telling(b.key) - telling(a.key))
        .map(({ key }) => `metrics.${key}`),
      (known ?? [])
        .filter(({ kind, distinct }) => kind === "param" && (distinct ?? 0) > 1)
        .sort((a, b) => b.runs - a.runs)
        .map(({ key }) => `params.${key}`),
    ],
    [known],
  );
  const target = search.y ?? metrics[0] ?? "";
  const shown = search.ax ?? params.slice(0, USUAL);
  const filter = useSettled(toFilter(search.q ?? ""), PAUSE);
  const query: RunQuery = {
    experimentIds,
    filter,
    orderBy: [],
    view: "ACTIVE_ONLY",
  };
  const columns = target ? [...shown, target] : [];
  const joined = columns.join("\0");
  const { data, error, refetch } = useQuery(matrixOf(query, columns));
  const matrix = useReadable(data, error, joined);
  const fits = matrix?.values.length === columns.length;
  const looked = (search.lk ?? []).join("\0");
  const looks = useMemo(() => parseLooks(looked ? looked.split("\0") : []), [looked]);
  const axes = useMemo((): SweepAxis[] => {
    if (!matrix || !fits) return [];
    return joined.split("\0").map((id, at) => {
      const values = matrix.values[at] ?? [];
      const look = looks.get(id) ?? {};
      const plain = axisOf(values, formatNumber, look.scale);
      return { id, title: columnName(id), values, plain, axis: look.flipped ? flipped(plain) : plain, look };
    });
  }, [matrix, fits, joined, looks]);
  const told = (search.br ?? []).join("\0");
  const brushes = useMemo(() => parseBrushes(told ? told.split("\0") : []), [told]);
  const rows = useMemo(() => kept(axes, brushes), [axes, brushes]);
  return {
    ...place,
    query,
    metrics,
    params,
    target,
    smaller: search.d ? search.d === "min" : smallerIsBetter(target),
    matrix,
    axes,
    brushes,
    brush: (id, range) => change({ br: formatBrushes(brushes, id, range) }),
    setLook: (id, look) => {
      const all = formatLooks(new Map([...looks, [id, look]]));
      const range = brushes.get(id);
      const turned = range && Boolean(looks.get(id)?.flipped) !== Boolean(look.flipped);
      change({
        lk: all.length ? all : undefined,
        ...(turned ? { br: formatBrushes(brushes, id, [1 - range[1], 1 - range[0]]) } : {}),
      });
    },
    setShown: (ax) => change({ ax }),
    rows,
    isPending: columnsKnown.isPending,
    error: columnsKnown.error ?? error,
    refetch: () => void (columnsKnown.error ? columnsKnown.refetch() : refetch()),
  };
}

/** What a row has on an axis, in words. */
export function told({ values }: Pick<SweepAxis, "values">, row: number): string {
  const value = values[row] ?? null;
  return typeof value === "number" ? formatNumber(value) : (value ?? "–");
}
