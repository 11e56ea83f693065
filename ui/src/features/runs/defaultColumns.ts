/** Columns worth showing first: metrics that most runs have, one as a line, params that vary, and who and when. */
import type { Column as Known } from "@/api/experiments.ts";
import { type Column, columnId, parseColumn } from "@/lib/columns.ts";

const METRICS = 4;
const PARAMS = 6;
const MOST_EQUAL = 4;
const TELLING = [/^(val|test|eval|cv)[/_]/i, /loss|acc|auc|f1|r2|error|mse|mae/i];

/** `several` says that runs are of several experiments. */
export function defaultColumns(known: readonly Known[], several = false): string[] {
  const ranked = known
    .filter(({ kind, key }) => kind === "metric" && !key.startsWith("system/"))
    .sort((a, b) => b.runs - a.runs || telling(b.key) - telling(a.key) || a.key.localeCompare(b.key))
    .slice(0, METRICS);
  const metrics = ranked.map(({ key }) => columnId({ kind: "metric", key, aggregate: "last" }));
  const series = ranked.filter(({ points }) => (points ?? 0) > 1);
  const trend = series.slice(0, 1).map(({ key }) => columnId({ kind: "trend", key }));
  const params = known
    .filter(({ kind, distinct }) => kind === "param" && (distinct ?? 0) > 1)
    .sort((a, b) => b.runs - a.runs || a.key.localeCompare(b.key))
    .slice(0, PARAMS)
    .map(({ key }) => columnId({ kind: "param", key }));
  const users = known.find(({ kind, key }) => kind === "tag" && key === "mlflow.user")?.distinct ?? 0;
  const first = several ? ["experiment_id"] : [];
  return [
    ...first,
    ...trend,
    ...metrics,
    ...params,
    "duration",
    "start_time",
    ...(users > 1 ? ["user_id"] : []),
  ];
}

const telling = (key: string): number => TELLING.filter((pattern) => pattern.test(key)).length;

/** Params that are equal in all runs, of which no column needs to tell; as many as there is room to name. */
export function equalColumns(known: readonly Known[]): Column[] {
  const most = Math.max(0, ...known.map(({ runs }) => runs));
  return known
    .filter(({ kind, distinct, runs }) => kind === "param" && distinct === 1 && runs === most)
    .slice(0, MOST_EQUAL)
    .map(({ key }) => ({ kind: "param", key }));
}

/** Ids of params and tags whose values are all numbers, which are then ordered as numbers. */
export const numericColumns = (known: readonly Known[]): Set<string> =>
  new Set(
    known
      .filter(({ kind, numeric }) => kind !== "metric" && numeric)
      .map(({ kind, key }) => `${kind}s.${key}`),
  );

/** Every column there is, those of the system's tags left out. */
export function allColumns(known: readonly Known[]): string[] {
  const kinds = { metric: 0, param: 1, tag: 2 };
  return known
    .filter(({ kind, key }) => kind !== "tag" || !key.startsWith("mlflow."))
    .sort((a, b) => kinds[a.kind] - kinds[b.kind] || a.key.localeCompare(b.key))
    .map(({ kind, key }) => `${kind}s.${key}`)
    .filter((id) => parseColumn(id) !== null);
}
