/** What the runs behind versions measured and were given. */
import { useQueries } from "@tanstack/react-query";
import type { Version } from "@/api/models.ts";
import { type Run, runById } from "@/api/runs.ts";
import { byName } from "@/lib/byName.ts";
import { toNumber } from "@/lib/format.ts";
import { own } from "@/lib/json.ts";
import { isSystem, telling } from "@/lib/metricNames.ts";

const MOST = 50; // runs that are read for one table

/** The source runs by id, of the first versions; those that are gone are left out. */
export function useSourceRuns(versions: readonly Version[]): ReadonlyMap<string, Run> {
  const ids = [...new Set(versions.flatMap(({ run_id }) => run_id || []))].slice(0, MOST);
  const found = useQueries({
    queries: ids.map((id) => ({ ...runById(id), retry: false, staleTime: 60_000 })),
  });
  return new Map(found.flatMap(({ data }) => (data ? [[data.id, data] as const] : [])));
}

/** Keys for a table's columns: those that most have first, telling names before others; params only where they differ. */
function columnsOf(runs: readonly Run[], kind: "metrics" | "params", most: number): string[] {
  const counts = new Map<string, number>();
  const values = new Map<string, Set<string>>();
  for (const run of runs) {
    for (const [key, value] of Object.entries(run[kind])) {
      if (isSystem(key)) continue;
      counts.set(key, (counts.get(key) ?? 0) + 1);
      values.set(key, (values.get(key) ?? new Set()).add(JSON.stringify(value)));
    }
  }
  return [...counts]
    .filter(([key]) => kind === "metrics" || runs.length < 2 || (values.get(key)?.size ?? 0) > 1)
    .sort(([a, many], [b, others]) => others - many || telling(b) - telling(a) || byName(a, b))
    .slice(0, most)
    .map(([key]) => key);
}

/** `metrics.loss`, `params.lr`: the columns that there can be, and those of them that are shown at first. */
export function versionColumns(runs: readonly Run[]): { all: string[]; usual: string[] } {
  const keys = (kind: "metrics" | "params") =>
    [...new Set(runs.flatMap((run) => Object.keys(run[kind])))].filter((key) => !isSystem(key)).sort(byName);
  const named = (kind: "metrics" | "params", some: readonly string[]) => some.map((key) => `${kind}.${key}`);
  return {
    all: [...named("metrics", keys("metrics")), ...named("params", keys("params"))],
    usual: [
      ...named("metrics", columnsOf(runs, "metrics", 4)),
      ...named("params", columnsOf(runs, "params", 3)),
    ],
  };
}

/** What a run has in a column; figures of metrics. */
export function valueIn(run: Run | undefined, column: string): string | number | null {
  const [, kind, key = ""] = /^(metrics|params)\.(.+)$/s.exec(column) ?? [];
  if (!run || !kind) return null;
  if (kind === "params") return own(run.params, key) ?? null;
  const metric = own(run.metrics, key);
  return metric ? toNumber(metric.value) : null;
}
