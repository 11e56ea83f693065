/** The runs of the search, or the ticked ones, as a file: CSV of the columns, or JSON of all there is. */
import { isOneOf, type RunRow, readRows } from "@/api/runRows.ts";
import { type Run, type RunQuery, searchRuns } from "@/api/runs.ts";
import { askedNames, columnId } from "@/lib/columns.ts";
import { toCsv } from "@/lib/csv.ts";
import { formatCount, isTime, plural } from "@/lib/format.ts";
import { saveFile } from "@/lib/saveFile.ts";
import { toast, toastFailure } from "@/lib/toasts.ts";
import { cellOf } from "./cells.ts";
import type { RunsView } from "./useRunsView.ts";

const MOST = 10_000; // rows of a file
const AT_ONCE = 1000;

export async function exportRuns(
  view: RunsView,
  kind: "csv" | "json",
  only?: ReadonlySet<string>,
): Promise<void> {
  try {
    const [text, count] = await (kind === "csv" ? asCsv(view, only) : asJson(view, only));
    saveFile(view.several ? `runs.${kind}` : `runs-${view.experimentIds[0]}.${kind}`, text);
    toast(`${plural(count, "run")} exported${count === MOST ? `, the first ${formatCount(MOST)}` : ""}.`);
  } catch (failure) {
    toastFailure(failure as Error);
  }
}

type Only = ReadonlySet<string> | undefined;

/** All runs there are to write, read some at a time. */
async function readAll<T>(
  { flat }: RunsView,
  only: Only,
  read: (query: RunQuery, offset: number, limit: number) => Promise<T[]>,
): Promise<T[]> {
  const query = only ? { ...flat, filter: isOneOf([...only]) } : flat;
  const wanted = Math.min(only?.size ?? MOST, MOST);
  const runs: T[] = [];
  while (runs.length < wanted) {
    const limit = Math.min(AT_ONCE, wanted - runs.length);
    const some = await read(query, runs.length, limit);
    runs.push(...some);
    if (some.length < limit) break;
  }
  return runs;
}

/** Numbers that JSON cannot write are texts, as in the API. */
async function asJson(view: RunsView, only: Only): Promise<[text: string, count: number]> {
  const runs = await readAll<Run>(view, only, async (...part) => (await searchRuns(...part)).runs);
  const plain = runs.map(({ id, name, experimentId, user, status, start, end, metrics, params, tags }) => ({
    run_id: id,
    name,
    experiment_id: experimentId,
    user,
    status,
    start_time: start,
    end_time: end,
    metrics: Object.fromEntries(Object.entries(metrics).map(([key, { value }]) => [key, value])),
    params,
    tags,
  }));
  const text = JSON.stringify(
    plain,
    (_, value) => (typeof value === "number" && !Number.isFinite(value) ? String(value) : value),
    2,
  );
  return [`${text}\n`, runs.length];
}

async function asCsv(view: RunsView, only: Only): Promise<[text: string, count: number]> {
  const columns = view.columns.filter(({ kind }) => kind !== "trend");
  const asked = askedNames(columns);
  const runs = await readAll<RunRow>(
    view,
    only,
    async (query, offset, limit) => (await readRows(query, asked, offset, limit)).runs,
  );
  const head = ["run_id", "name", "status", "created", ...columns.map(columnId)];
  const lines = runs.map((run) => [
    run.id,
    run.name,
    run.status,
    run.start && isTime(run.start) ? new Date(run.start).toISOString() : "",
    ...columns.map((column) => {
      const { full, number } = cellOf(run, column, Date.now());
      return column.kind === "metric" ? number : full;
    }),
  ]);
  return [toCsv([head, ...lines]), runs.length];
}
