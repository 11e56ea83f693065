/** Metrics over time, as charts and tables read them. */
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { Axis } from "@/lib/axes.ts";
import { toNumber } from "@/lib/format.ts";
import type { Buckets, Value } from "@/lib/series.ts";
import { answer, client, type Schemas } from "./client.ts";

/** What is known of a series without its history; what is no number is NaN. */
export interface Summary {
  run_id: string;
  key: string;
  count: number;
  last: number;
  last_step: number;
  first: number;
  min: number | null;
  min_step: number | null;
  max: number | null;
  max_step: number | null;
  mean: number | null;
}

/** A series in buckets; a value that is missing or no number is null. */
export interface Series extends Buckets {
  run_id: string;
  key: string;
}

export interface Sample {
  runIds: string[];
  key: string;
  axis: Axis;
  range: [number, number] | null;
}

const BUCKETS = 320; // about two pixels each in a panel of the grid

export function sampled({ runIds, key, axis, range }: Sample) {
  return queryOptions({
    queryKey: ["metrics", "sample", key, axis, range, runIds] as const,
    queryFn: async ({ signal }) => {
      const bounds = range ? { start: range[0], end: range[1] } : {};
      const body = { run_ids: runIds, keys: [key], x: axis, buckets: BUCKETS, ...bounds };
      return (
        (await answer(client.POST("/api/ext/v1/metrics/sample", { body, signal }))).series?.map(toSeries) ??
        []
      );
    },
    placeholderData: (before, query) => (query?.queryKey[1] === "sample" ? before : undefined), // not of groups
    enabled: runIds.length > 0,
  });
}

/** A series small enough for a cell: parts from 0 to 1 between its least and its greatest value. */
export interface Sparkline {
  run_id: string;
  key: string;
  min: number | null;
  max: number | null;
  parts: number[];
}

/** Lines of some metrics of some runs, 200 in all at the most. */
export function sparklinesOf(runIds: readonly string[], keys: readonly string[]) {
  return queryOptions({
    queryKey: ["metrics", "sparklines", keys, runIds] as const,
    queryFn: async ({ signal }): Promise<Sparkline[]> => {
      const found = await answer(
        client.POST("/api/ext/v1/sparklines", { body: { run_ids: [...runIds], keys: [...keys] }, signal }),
      );
      return (found.sparklines ?? []).map(({ run_id, key, min, max, shape }) => ({
        run_id,
        key,
        min: min === null ? null : toNumber(min),
        max: max === null ? null : toNumber(max),
        parts: Array.from(atob(shape), (byte) => byte.charCodeAt(0) / 255),
      }));
    },
    enabled: runIds.length > 0,
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });
}

export function summaries(runIds: string[], keys: string[] | null) {
  return queryOptions({
    queryKey: ["metrics", "summaries", runIds, keys] as const,
    queryFn: async ({ signal }) => {
      const body = { run_ids: runIds, ...(keys ? { keys } : {}) };
      return (
        (await answer(client.POST("/api/ext/v1/metrics/summaries", { body, signal }))).summaries?.map(
          toSummary,
        ) ?? []
      );
    },
    enabled: runIds.length > 0 && (keys === null || keys.length > 0),
    placeholderData: keepPreviousData,
  });
}

function toSeries({ run_id, key, count, exact, x, last, min, max, mean }: Schemas["SampledSeries"]): Series {
  const values = (column: unknown[]): Value[] => column.map(toValue);
  return {
    run_id,
    key,
    count,
    exact,
    x: x.map(toNumber),
    last: values(last),
    min: values(min),
    max: values(max),
    mean: values(mean),
  };
}

function toValue(wire: unknown): Value {
  const value = toNumber(wire);
  return Number.isNaN(value) ? null : value;
}

export function toSummary(wire: Schemas["MetricSummary"]): Summary {
  const orNull = (value: unknown): number | null => (value === null ? null : toNumber(value));
  return {
    run_id: wire.run_id,
    key: wire.key,
    count: wire.count,
    last: toNumber(wire.last),
    last_step: wire.last_step,
    first: toNumber(wire.first),
    min: orNull(wire.min),
    min_step: wire.min_step,
    max: orNull(wire.max),
    max_step: wire.max_step,
    mean: orNull(wire.mean),
  };
}
