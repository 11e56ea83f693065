/** Columns of the runs grid. A column's id is what one writes to order by it, so URLs read like the API. */

export type Aggregate = "last" | "min" | "max" | "first" | "mean";

export type Column =
  | { kind: "metric"; key: string; aggregate: Aggregate }
  | { kind: "trend"; key: string } // a metric over steps, as a small line
  | { kind: "param" | "tag"; key: string }
  | { kind: "attribute"; key: AttributeKey };

export const ATTRIBUTES = {
  experiment_id: "Experiment",
  start_time: "Created",
  duration: "Duration",
  user_id: "User",
  status: "Status",
  source: "Source",
  version: "Version",
  dataset: "Dataset",
  models: "Registered as",
  run_id: "Run id",
} as const;

export type AttributeKey = keyof typeof ATTRIBUTES;

export const AGGREGATES: readonly Aggregate[] = ["last", "min", "max", "first", "mean"];

const SORTABLE = new Set<string>(["start_time", "duration", "user_id", "status", "run_id", "run_name"]);
const PREFIXES = { metrics: "metric", params: "param", tags: "tag" } as const;

export function columnId(column: Column): string {
  if (column.kind === "attribute") return column.key;
  if (column.kind === "trend") return `trend(metrics.${column.key})`;
  const path = `${column.kind}s.${column.key}`;
  return column.kind === "metric" && column.aggregate !== "last" ? `${column.aggregate}(${path})` : path;
}

export function parseColumn(id: string): Column | null {
  const trend = /^trend\(metrics\.(.+)\)$/s.exec(id);
  if (trend) return { kind: "trend", key: trend[1] as string };
  const called = /^(min|max|first|mean)\((.+)\)$/s.exec(id);
  const [path, aggregate] = called ? [called[2] as string, called[1] as Aggregate] : [id, "last" as const];
  const dot = path.indexOf(".");
  const prefix = path.slice(0, dot);
  const kind = Object.hasOwn(PREFIXES, prefix) ? PREFIXES[prefix as keyof typeof PREFIXES] : null;
  const key = path.slice(dot + 1);
  if (dot > 0 && kind && key) {
    if (kind === "metric") return { kind, key, aggregate };
    return called ? null : { kind, key };
  }
  return Object.hasOwn(ATTRIBUTES, path) && !called ? { kind: "attribute", key: path as AttributeKey } : null;
}

export function columnTitle(column: Column): string {
  return column.kind === "attribute" ? ATTRIBUTES[column.key] : column.key;
}

/** The name by which the server reads a column of rows; null for what rows have anyway, and for what is read apart. */
export function askedName(column: Column): string | null {
  if (column.kind === "trend") return null;
  return column.kind === "attribute" ? (ASKED_ATTRIBUTES[column.key] ?? null) : columnId(column);
}

const ASKED_ATTRIBUTES: Partial<Record<AttributeKey, string>> = {
  source: "tags.mlflow.source.name",
  version: "tags.mlflow.source.git.commit",
  dataset: "dataset",
};

/** The names of columns, each once, in an order that does not depend on theirs. */
export const askedNames = (columns: readonly Column[]): string[] =>
  [...new Set(columns.flatMap((column) => askedName(column) ?? []))].sort();

/** A column in words, with the figure that it shows of a metric; what is no column stays as it is. */
export function columnName(id: string): string {
  const column = parseColumn(id);
  if (!column) return id;
  const title = columnTitle(column);
  if (column.kind === "trend") return `${title} over steps`;
  return column.kind === "metric" && column.aggregate !== "last" ? `${title} (${column.aggregate})` : title;
}

/** A column as filters name it; `numeric` values of params and tags are compared as numbers. */
export function filterPath(column: Column, numeric: boolean): string {
  if (column.kind === "attribute") return column.key;
  if (column.kind === "trend") return columnId(column);
  const path = `${column.kind}s.${quoteKey(column.key)}`;
  if (column.kind === "metric") return column.aggregate === "last" ? path : `${column.aggregate}(${path})`;
  return numeric ? `number(${path})` : path;
}

export interface Sort {
  id: string;
  descending: boolean;
}

/** `-min(metrics.val_loss)` and the like. */
export function parseSort(text: string): Sort {
  return text.startsWith("-") ? { id: text.slice(1), descending: true } : { id: text, descending: false };
}

export const formatSort = ({ id, descending }: Sort): string => (descending ? `-${id}` : id);

export const isSortable = (column: Column): boolean =>
  column.kind === "attribute" ? SORTABLE.has(column.key) : column.kind !== "trend";

/** The sort as the API takes it; `numeric` params are ordered as numbers. None for what cannot be ordered by. */
export function orderBy(sort: Sort, numeric: ReadonlySet<string>): string[] {
  const direction = sort.descending ? "DESC" : "ASC";
  if (SORTABLE.has(sort.id)) return [`attributes.${sort.id} ${direction}`];
  const column = parseColumn(sort.id);
  if (!column || column.kind === "attribute" || column.kind === "trend") return [];
  return [`${filterPath(column, numeric.has(sort.id))} ${direction}`];
}

/** A key as filters write it: bare where that is possible, else in the quotes it does not contain. */
export function quoteKey(key: string): string {
  if (/^[A-Za-z_][\w./:-]*$/.test(key)) return key;
  return key.includes("`") ? `"${key}"` : `\`${key}\``;
}
