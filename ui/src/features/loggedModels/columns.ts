/** Columns of logged models: what they are called in URLs, which are there, and what a model has in one. */
import type { LoggedModel, Measured, Order } from "@/api/loggedModels.ts";
import { byName } from "@/lib/byName.ts";
import { datasetId, datasetOf } from "@/lib/datasetId.ts";
import { toNumber } from "@/lib/format.ts";
import { own } from "@/lib/json.ts";
import { smallerIsBetter } from "@/lib/metricNames.ts";

export type Column =
  | { id: string; kind: "metric"; key: string; dataset: string; digest: string }
  | { id: string; kind: "param"; key: string }
  | { id: FactId; kind: "fact"; key: string };

const FACTS = {
  created: "Created",
  run: "Run",
  versions: "Registered",
  type: "Type",
  status: "Status",
} as const;
export type FactId = keyof typeof FACTS;

const MOST_METRICS = 10;
const MOST_PARAMS = 4;

function metricColumn({ key, dataset, digest }: Pick<Measured, "key" | "dataset" | "digest">): Column {
  const id = dataset ? `metrics.${key}@${datasetId(dataset, digest)}` : `metrics.${key}`;
  return { id, kind: "metric", key, dataset, digest };
}

/** Every column that these models have something in; metrics by dataset, those on none first. */
export function columnsIn(models: readonly LoggedModel[]): Column[] {
  const metrics = new Map<string, Column>();
  const params = new Set<string>();
  for (const model of models) {
    for (const measured of model.metrics) {
      const column = metricColumn(measured);
      metrics.set(column.id, column);
    }
    for (const key of Object.keys(model.params)) params.add(key);
  }
  const facts = Object.keys(FACTS) as FactId[];
  return [
    ...facts.map((id): Column => ({ id, kind: "fact", key: FACTS[id] })),
    ...[...metrics.values()].sort(byDataset),
    ...[...params].sort(byName).map((key): Column => ({ id: `params.${key}`, kind: "param", key })),
  ];
}

/** What is shown until somebody chooses: facts, metrics, and the params that differ. */
export function defaultColumns(all: readonly Column[], models: readonly LoggedModel[]): Column[] {
  const registered = models.some(({ versions }) => versions.length > 0);
  const facts = all.filter(
    ({ id, kind }) =>
      kind === "fact" && (["created", "run"].includes(id) || (id === "versions" && registered)),
  );
  const metrics = all.filter(({ kind }) => kind === "metric").slice(0, MOST_METRICS);
  const varies = ({ key }: Column) => new Set(models.map(({ params }) => own(params, key))).size > 1;
  const params = all.filter((column) => column.kind === "param" && (models.length < 2 || varies(column)));
  return [...facts, ...metrics, ...params.slice(0, MOST_PARAMS)];
}

function byDataset(a: Column, b: Column): number {
  const place = (column: Column) =>
    column.kind === "metric" ? datasetId(column.dataset, column.digest) : "";
  return byName(place(a), place(b)) || byName(a.key, b.key);
}

/** A model's value of a metric; null where it was not measured. */
export function metricOf(model: LoggedModel, column: Column): number | null {
  if (column.kind !== "metric") return null;
  const { key, dataset, digest } = column;
  const found = model.metrics.find(
    (one) => one.key === key && one.dataset === dataset && one.digest === digest,
  );
  return found ? toNumber(found.value) : null;
}

/** The best value of a metric among models, as far as its name tells which way is better; null for fewer than two. */
export function bestOf(models: readonly LoggedModel[], column: Column): number | null {
  const values = models
    .flatMap((model) => metricOf(model, column) ?? [])
    .filter((value) => !Number.isNaN(value));
  if (values.length < 2) return null;
  return smallerIsBetter(column.key) ? Math.min(...values) : Math.max(...values);
}

const SORTED: Record<string, string> = { name: "name", created: "creation_timestamp" };

/** What the server sorts by, for `s` in the URL; null where it cannot. */
export function orderOf(sort: string): Order | null {
  const ascending = !sort.startsWith("-");
  const id = ascending ? sort : sort.slice(1);
  const field = own(SORTED, id);
  if (field) return { field, ascending, dataset: "", digest: "" };
  const [, key, place = ""] = /^metrics\.(.*?)(?:@([^@]*#[^@#]*))?$/s.exec(id) ?? [];
  if (!key) return null;
  const { name, digest } = datasetOf(place);
  return { field: `metrics.${key}`, ascending, dataset: name, digest };
}

export const sortable = ({ kind, id }: Column): boolean => kind === "metric" || Object.hasOwn(SORTED, id);
