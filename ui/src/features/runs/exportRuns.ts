/** The runs of the search, or the ticked ones, as a file: CSV of the columns, or JSON of all there is. */
import { PAGE, type Run, searchRuns } from "@/api/runs.ts";
import { columnId } from "@/lib/columns.ts";
import { toCsv } from "@/lib/csv.ts";
import { plural } from "@/lib/format.ts";
import { saveFile } from "@/lib/saveFile.ts";
import { toast, toastFailure } from "@/lib/toasts.ts";
import { cellOf } from "./cells.ts";
import type { RunsView } from "./useRunsView.ts";
import { readSummaries } from "./useSummaries.ts";

const MOST = 10_000; // rows of a file
const AT_ONCE = 10 * PAGE;

export async function exportRuns(
  view: RunsView,
  kind: "csv" | "json",
  only?: ReadonlySet<string>,
): Promise<void> {
  try {
    const runs = await readAll(view, only);
    const name = view.several ? `runs.${kind}` : `runs-${view.experimentIds[0]}.${kind}`;
    saveFile(name, kind === "csv" ? await runsAsCsv(view, runs) : runsAsJson(runs));
    toast(
      `${plural(runs.length, "run")} exported${runs.length === MOST ? `, the first ${MOST.toLocaleString("en-US")}` : ""}.`,
    );
  } catch (failure) {
    toastFailure(failure as Error);
  }
}

async function readAll(view: RunsView, only?: ReadonlySet<string>): Promise<Run[]> {
  const runs: Run[] = [];
  const wanted = only ? only.size : MOST;
  for (let more = true; more && runs.length < wanted; ) {
    const ids = only && [...only].map((id) => `'${id}'`).join(", ");
    const query = ids ? { ...view.flat, filter: `run_id IN (${ids})` } : view.flat;
    const page = await searchRuns(query, runs.length, Math.min(AT_ONCE, wanted - runs.length));
    runs.push(...page.runs);
    more = page.more;
  }
  return runs;
}

/** Numbers that JSON cannot write are texts, as in the API. */
function runsAsJson(runs: readonly Run[]): string {
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
  return `${JSON.stringify(plain, (_, value) => (typeof value === "number" && !Number.isFinite(value) ? String(value) : value), 2)}\n`;
}

async function runsAsCsv(view: RunsView, runs: Run[]): Promise<string> {
  const columns = view.columns.filter(({ kind }) => kind !== "trend");
  const summaries = await readSummaries(
    runs.map((run) => run.id),
    columns,
  );
  const head = ["run_id", "name", "status", "created", ...columns.map(columnId)];
  const lines = runs.map((run) => [
    run.id,
    run.name,
    run.status,
    run.start ? new Date(run.start).toISOString() : "",
    ...columns.map((column) => {
      const { full, number } = cellOf(run, column, summaries, Date.now());
      return column.kind === "metric" ? number : full;
    }),
  ]);
  return toCsv([head, ...lines]);
}
