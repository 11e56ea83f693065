/** Columns shown first: those that the server gives a place, one metric as a line, and who and when. */
import type { Column as Known } from "@/api/experiments.ts";
import { byName } from "@/lib/byName.ts";
import { askedNames, type Column, columnId, parseColumn } from "@/lib/columns.ts";

/** `several` says that runs are of several experiments. */
export function defaultColumns(known: readonly Known[], several = false): string[] {
  const placed = inPlace(known).filter((column) => !isEqual(column));
  const metrics = placed.filter(({ kind }) => kind === "metric");
  const trend = metrics
    .filter(({ points }) => (points ?? 0) > 1)
    .slice(0, 1)
    .map(({ key }) => columnId({ kind: "trend", key }));
  const users = known.find(({ kind, key }) => kind === "tag" && key === "mlflow.user")?.distinct ?? 0;
  const first = several ? ["experiment_id"] : [];
  return [
    ...first,
    ...trend,
    ...placed.map(({ kind, key }) => `${kind}s.${key}`),
    "duration",
    "start_time",
    ...(users > 1 ? ["user_id"] : []),
  ];
}

/** Params that are equal in all runs, of which no column needs to tell; as many as there is room to name. */
export const equalColumns = (known: readonly Known[]): Column[] =>
  inPlace(known)
    .filter(isEqual)
    .map(({ key }) => ({ kind: "param", key }));

/** What is asked of each run for some columns, and for what is said of all runs at once. */
export const askedFor = (columns: readonly Column[], known: readonly Known[]): string[] =>
  askedNames([...columns, ...equalColumns(known)]);

const inPlace = (known: readonly Known[]): Known[] =>
  known.filter(({ place }) => typeof place === "number").sort((a, b) => (a.place ?? 0) - (b.place ?? 0));

const isEqual = ({ kind, distinct }: Known): boolean => kind === "param" && distinct === 1;

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
    .sort((a, b) => kinds[a.kind] - kinds[b.kind] || byName(a.key, b.key))
    .map(({ kind, key }) => `${kind}s.${key}`)
    .filter((id) => parseColumn(id) !== null);
}
