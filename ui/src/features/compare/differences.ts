/** What tells runs apart: a row a field, a cell a run. */
import type { Run } from "@/api/runs.ts";
import { byName } from "@/lib/byName.ts";
import { formatCount, formatDuration, formatNumber, formatTime, toNumber } from "@/lib/format.ts";
import { own } from "@/lib/json.ts";
import { smallerIsBetter } from "@/lib/metricNames.ts";

export const GROUPS = ["Attributes", "Params", "Metrics", "Data", "Tags"] as const;
export type Group = (typeof GROUPS)[number];

export interface Cell {
  text: string;
  /** Null where there is no number to compare. */
  number: number | null;
}

export interface Difference {
  group: Group;
  key: string;
  /** A cell a run; null where the run lacks it. */
  cells: (Cell | null)[];
  same: boolean;
}

const SYSTEM_TAGS = /^mlflow\.(?!source\.git\.(commit|branch)$|source\.name$)/;

/** All rows, sorted within their groups. */
export function differences(runs: readonly Run[], now = Date.now()): Difference[] {
  const text = (value: string | undefined): Cell | null =>
    value === undefined ? null : { text: value, number: null };
  const keys = (pairs: (run: Run) => object) =>
    [...new Set(runs.flatMap((run) => Object.keys(pairs(run))))].sort(byName);
  const row = (group: Group, key: string, cell: (run: Run) => Cell | null): Difference => {
    const cells = runs.map(cell);
    return { group, key, cells, same: new Set(cells.map((one) => one?.text ?? null)).size < 2 };
  };
  return [
    row("Attributes", "Status", (run) => text(run.status)),
    row("Attributes", "Created", (run) => (run.start ? text(formatTime(run.start)) : null)),
    row("Attributes", "Duration", (run) =>
      run.start && (run.end || run.status === "RUNNING")
        ? text(formatDuration((run.end ?? now) - run.start))
        : null,
    ),
    row("Attributes", "User", (run) => text(run.user || undefined)),
    ...keys((run) => run.params).map((key) => row("Params", key, (run) => parameter(own(run.params, key)))),
    ...keys((run) => run.metrics).map((key) =>
      row("Metrics", key, (run) => figure(own(run.metrics, key)?.value)),
    ),
    row("Data", "Datasets", (run) =>
      text(run.datasets.map(({ dataset }) => `${dataset.name} (${dataset.digest})`).join(", ") || undefined),
    ),
    ...keys((run) => run.tags)
      .filter((key) => !SYSTEM_TAGS.test(key))
      .map((key) => row("Tags", key, (run) => text(own(run.tags, key)))),
  ].filter(({ cells }) => cells.some((cell) => cell !== null));
}

function parameter(value: string | undefined): Cell | null {
  if (value === undefined) return null;
  const number = value.trim() === "" ? Number.NaN : Number(value);
  return { text: value, number: Number.isFinite(number) ? number : null };
}

function figure(value: unknown): Cell | null {
  if (value === undefined) return null;
  const number = toNumber(value);
  return { text: formatNumber(number), number: Number.isFinite(number) ? number : null };
}

export interface Change {
  text: string;
  /** Null where the name does not tell which way is better. */
  better: boolean | null;
}

/** How a cell differs from the reference's: by how much of it, or by how much where that is zero. */
export function changeOf(
  { group, key }: Difference,
  cell: Cell | null,
  reference: Cell | null,
): Change | null {
  if (cell?.number == null || reference?.number == null || cell.number === reference.number) return null;
  const by = cell.number - reference.number;
  const part = by / Math.abs(reference.number);
  const sign = by > 0 ? "+" : "−";
  const size = Number.isFinite(part)
    ? `${Math.abs(part) >= 10 ? formatCount(Math.round(Math.abs(part) * 100)) : Number((Math.abs(part) * 100).toPrecision(2))} %`
    : formatNumber(Math.abs(by));
  return {
    text: `${by > 0 ? "↑" : "↓"} ${sign}${size}`,
    better: group === "Metrics" ? by < 0 === smallerIsBetter(key) : null,
  };
}
