/** Columns of logged models: what they are called in URLs, which are there, and what a model has in one. */
import type { LoggedModel } from "@/api/loggedModels.ts";
import type { KnownModelColumn, ModelColumn, ModelRow, Order } from "@/api/modelRows.ts";
import { byName } from "@/lib/byName.ts";
import type { Sort } from "@/lib/columns.ts";
import { datasetId, datasetOf } from "@/lib/datasetId.ts";
import { toNumber } from "@/lib/format.ts";
import { own } from "@/lib/json.ts";
import { smallerIsBetter } from "@/lib/metricNames.ts";

export type Column =
  | { id: string; kind: "metric"; key: string; dataset: string; digest: string }
  | { id: string; kind: "param" | "tag"; key: string }
  | { id: FactId; kind: "fact"; key: string };

const FACTS = {
  created: "Created",
  run: "Run",
  step: "Step",
  versions: "Registered",
  type: "Type",
  status: "Status",
} as const;
export type FactId = keyof typeof FACTS;

const MOST_METRICS = 10;
const MOST_PARAMS = 4;

const fact = (id: FactId): Column => ({ id, kind: "fact", key: FACTS[id] });

const text = (kind: "param" | "tag", key: string): Column => ({ id: `${kind}s.${key}`, kind, key });

export function metricColumn(key: string, dataset: string, digest: string): Column {
  const id = dataset ? `metrics.${key}@${datasetId(dataset, digest)}` : `metrics.${key}`;
  return { id, kind: "metric", key, dataset, digest };
}

/** A column by its name in a URL, whether models have it or not; null for what is none. */
export function parseColumn(id: string): Column | null {
  if (Object.hasOwn(FACTS, id)) return fact(id as FactId);
  const [, kind, rest = ""] = /^(metrics|params|tags)\.(.+)$/s.exec(id) ?? [];
  if (!kind) return null;
  if (kind !== "metrics") return text(kind === "params" ? "param" : "tag", rest);
  const [, key, place = ""] = /^(.+?)(?:@([^@]*#[^@#]*))?$/s.exec(rest) ?? [];
  const { name, digest } = datasetOf(place);
  return key ? metricColumn(key, name, digest) : null;
}

/** Every column that there can be; metrics by dataset, those on none first, and tags that are people's own. */
export function columnsOf(known: readonly KnownModelColumn[]): Column[] {
  const metrics = known
    .filter(({ kind }) => kind === "metric")
    .map(({ key, dataset_name = "", dataset_digest = "" }) =>
      metricColumn(key, dataset_name, dataset_digest),
    );
  const texts = (kind: "param" | "tag") =>
    known
      .filter((one) => one.kind === kind && !one.key.startsWith("mlflow."))
      .map(({ key }) => text(kind, key));
  return [
    ...(Object.keys(FACTS) as FactId[]).map(fact),
    ...metrics.sort(byDataset),
    ...[...texts("param"), ...texts("tag")].sort((a, b) => byName(a.kind, b.kind) || byName(a.key, b.key)),
  ];
}

/** What the first models tell of which facts are worth a column. */
export interface Facts {
  steps: boolean;
  registered: boolean;
}

/** What is shown until somebody chooses: facts, metrics, and the params that differ. */
export function defaultColumns(known: readonly KnownModelColumn[], { steps, registered }: Facts): Column[] {
  const all = columnsOf(known);
  const facts: FactId[] = ["created", "run", ...(steps ? ["step" as const] : [])];
  if (registered) facts.push("versions");
  const models = Math.max(0, ...known.map((one) => one.models));
  const varies = ({ key }: Column) => {
    const param = known.find((one) => one.kind === "param" && one.key === key);
    return models < 2 || (param?.distinct ?? 0) > 1 || (param?.models ?? 0) < models;
  };
  return [
    ...facts.map(fact),
    ...all.filter(({ kind }) => kind === "metric").slice(0, MOST_METRICS),
    ...all.filter((column) => column.kind === "param" && varies(column)).slice(0, MOST_PARAMS),
  ];
}

function byDataset(a: Column, b: Column): number {
  const place = (column: Column) =>
    column.kind === "metric" ? datasetId(column.dataset, column.digest) : "";
  return byName(place(a), place(b)) || byName(a.key, b.key);
}

/** What is asked of each model for some columns; facts are told of all. In an order that does not depend on theirs. */
export function askedFor(columns: readonly Column[]): ReadonlyMap<string, ModelColumn> {
  const asked = columns.flatMap((column): [string, ModelColumn][] => {
    if (column.kind === "fact") return [];
    const name = `${column.kind}s.${column.key}`;
    const on =
      column.kind === "metric"
        ? { dataset_name: column.dataset, dataset_digest: column.digest || null }
        : { dataset_name: null, dataset_digest: null };
    return [[column.id, { name, ...on }]];
  });
  return new Map(asked.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** A row's figure in a metric's column; null where it was not measured. */
export function figureOf({ values }: ModelRow, { id }: Column): number | null {
  const value = own(values, id) ?? null;
  return value === null ? null : toNumber(value);
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

/** The metrics of some models, by dataset, those on none first. */
export function metricsOf(models: readonly LoggedModel[]): Column[] {
  const found = models
    .flatMap(({ metrics }) => metrics)
    .map(({ key, dataset, digest }) => metricColumn(key, dataset, digest));
  return [...new Map(found.map((column) => [column.id, column])).values()].sort(byDataset);
}

/** The best value of a metric among rows, as far as its name tells which way is better; null for fewer than two. */
export function bestOf(rows: readonly ModelRow[], column: Column): number | null {
  if (column.kind !== "metric") return null;
  const values = rows.flatMap((row) => figureOf(row, column) ?? []).filter((value) => !Number.isNaN(value));
  if (values.length < 2) return null;
  return smallerIsBetter(column.key) ? Math.min(...values) : Math.max(...values);
}

const SORTED: Record<string, string> = {
  name: "name",
  created: "creation_timestamp",
  step: "step",
  type: "model_type",
  status: "status",
};

/** What the server sorts by; nothing for what it cannot. */
export function orderOf({ id, descending }: Sort): Order[] {
  const field = own(SORTED, id);
  if (field) return [{ field, ascending: !descending, dataset: "", digest: "" }];
  const column = parseColumn(id);
  if (column?.kind !== "metric") return [];
  const { key, dataset, digest } = column;
  return [{ field: `metrics.${key}`, ascending: !descending, dataset, digest }];
}

export const sortable = ({ kind, id }: Column): boolean => kind === "metric" || Object.hasOwn(SORTED, id);

const FIXED: Record<FactId, number> = {
  created: 116,
  run: 160,
  step: 84,
  versions: 200,
  type: 110,
  status: 110,
};

/** Room for the title, within reason; values are cut and shown whole on hover. */
export function widthOf(column: Column): number {
  if (column.kind === "fact") return FIXED[column.id];
  return Math.max(column.kind === "metric" ? 92 : 100, Math.min(200, column.key.length * 7.2 + 44));
}
