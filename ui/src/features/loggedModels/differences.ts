/** What tells logged models apart: a row a metric on a dataset, a param or a fact. */
import type { LoggedModel } from "@/api/loggedModels.ts";
import { byName } from "@/lib/byName.ts";
import { formatNumber, formatTime } from "@/lib/format.ts";
import { own } from "@/lib/json.ts";
import { smallerIsBetter } from "@/lib/metricNames.ts";
import { metricOf, metricsOf } from "./columns.ts";

export interface Cell {
  text: string;
  /** The change against the first model in words of figures; of metrics only. */
  change?: string;
  better?: boolean;
}

export interface Row {
  group: string;
  key: string;
  /** The dataset of a metric. */
  on: string;
  /** A cell a model; null where it has none. */
  cells: (Cell | null)[];
  same: boolean;
}

export function differences(models: readonly LoggedModel[]): Row[] {
  const metrics = metricsOf(models).flatMap((column) => {
    if (column.kind !== "metric") return [];
    const values = models.map((model) => metricOf(model, column));
    const cells = values.map((value) => measured(value, values[0] ?? null, smallerIsBetter(column.key)));
    return [row("Metrics", column.key, cells, column.dataset && `${column.dataset} (${column.digest})`)];
  });
  const params = keysOf(models, ({ params }) => params).map((key) =>
    row(
      "Params",
      key,
      models.map((model) => written(own(model.params, key))),
    ),
  );
  const tags = keysOf(models, ({ tags }) => tags)
    .filter((key) => !key.startsWith("mlflow."))
    .map((key) =>
      row(
        "Tags",
        key,
        models.map((model) => written(own(model.tags, key))),
      ),
    );
  const facts = [
    row(
      "Model",
      "type",
      models.map(({ type }) => written(type || undefined)),
    ),
    row(
      "Model",
      "created",
      models.map(({ created }) => written(formatTime(created))),
    ),
  ];
  return [...metrics, ...params, ...tags, ...facts];
}

function measured(value: number | null, first: number | null, smaller: boolean): Cell | null {
  if (value === null) return null;
  const cell = { text: formatNumber(value) };
  if (first === null || value === first || !Number.isFinite(value) || !Number.isFinite(first)) return cell;
  const sign = value > first ? "+" : "";
  const part =
    first === 0 ? formatNumber(value) : `${formatNumber(((value - first) / Math.abs(first)) * 100)} %`;
  return { ...cell, change: `${sign}${part}`, better: value < first === smaller };
}

const written = (text: string | undefined): Cell | null => (text === undefined ? null : { text });

function row(group: string, key: string, cells: (Cell | null)[], on = ""): Row {
  return { group, key, on, cells, same: new Set(cells.map((cell) => cell?.text)).size < 2 };
}

const keysOf = (
  models: readonly LoggedModel[],
  of: (model: LoggedModel) => Record<string, string>,
): string[] => [...new Set(models.flatMap((model) => Object.keys(of(model))))].sort(byName);
