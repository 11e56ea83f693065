/** What the sweep shows: target, params that vary, the runs with their values, and which of them the brushes keep. */
import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useRef } from "react";
import { columnsOf } from "@/api/experiments.ts";
import type { RunQuery } from "@/api/runs.ts";
import { type Matrix, matrixOf, type Value } from "@/api/sweeps.ts";
import { parseColumn } from "@/lib/columns.ts";
import { smallerIsBetter } from "@/lib/direction.ts";
import { toFilter } from "@/lib/filter.ts";
import { formatNumber } from "@/lib/format.ts";
import { type Axis, axisOf, flipped } from "@/lib/scales.ts";
import { useSettled } from "@/lib/useSettled.ts";
import { type AxisLook, formatLooks, parseLooks } from "./axisLooks.ts";
import { type Brushes, formatBrush, kept, parseBrushes } from "./brushes.ts";
import type { SweepSearch } from "./search.ts";

const USUAL = 7; // params on screen at first
const PAUSE = 300; // milliseconds without typing after which the filter is applied
const TELLING = /^(val|test|eval|cv)[/_]/i;

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
  error: Error | null;
}

export function useSweep(place: Place): Sweep {
  const { experimentIds, search, change } = place;
  const known = useQuery(columnsOf(experimentIds)).data;
  const [metrics, params] = useMemo(
    () => [
      (known ?? [])
        .filter(({ kind, key }) => kind === "metric" && !key.startsWith("system/"))
        .sort((a, b) => b.runs - a.runs || Number(TELLING.test(b.key)) - Number(TELLING.test(a.key)))
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
  const query: RunQuery = {
    experimentIds,
    filter: useSettled(toFilter(search.q ?? ""), PAUSE),
    orderBy: [],
    view: "ACTIVE_ONLY",
  };
  const columns = target ? [...shown, target] : [];
  const joined = columns.join("\0");
  const { data, error } = useQuery(matrixOf(query, columns));
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
      return { id, title: titleOf(id), values, plain, axis: look.flipped ? flipped(plain) : plain, look };
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
    brush: (id, range) => {
      const others = (search.br ?? []).filter((text) => !text.startsWith(`${id}:`));
      const all = range ? [...others, formatBrush(id, range)] : others;
      change({ br: all.length ? all : undefined });
    },
    setLook: (id, look) => {
      const all = formatLooks(new Map([...looks, [id, look]]));
      const range = brushes.get(id);
      const turned = range && Boolean(looks.get(id)?.flipped) !== Boolean(look.flipped);
      const others = (search.br ?? []).filter((text) => !text.startsWith(`${id}:`));
      change({
        lk: all.length ? all : undefined,
        ...(turned ? { br: [...others, formatBrush(id, [1 - range[1], 1 - range[0]])] } : {}),
      });
    },
    setShown: (ax) => change({ ax }),
    rows,
    error,
  };
}

/** The matrix, or, where a filter cannot be read, the last one of the same columns. */
function useReadable(data: Matrix | undefined, error: Error | null, columns: string): Matrix | undefined {
  const kept = useRef<{ columns: string; matrix: Matrix } | null>(null);
  useEffect(() => {
    if (data) kept.current = { columns, matrix: data };
  }, [data, columns]);
  if (data || !error) return data;
  return kept.current?.columns === columns ? kept.current.matrix : undefined;
}

export function titleOf(id: string): string {
  const column = parseColumn(id);
  if (!column) return id;
  const aggregate = column.kind === "metric" && column.aggregate !== "last" ? ` (${column.aggregate})` : "";
  return `${column.key}${aggregate}`;
}

/** What a row has on an axis, in words. */
export function told({ values }: Pick<SweepAxis, "values">, row: number): string {
  const value = values[row] ?? null;
  return typeof value === "number" ? formatNumber(value) : (value ?? "–");
}
