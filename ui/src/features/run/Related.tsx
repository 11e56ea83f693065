/** The runs above and below a run. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { PARENT_TAG, type Run, type RunQuery, runCount, runName } from "@/api/runs.ts";
import { plural } from "@/lib/format.ts";

const below = (run: Run) => `tags.${PARENT_TAG} = '${run.id}'`;

export const directlyBelow = (run: Run): RunQuery => ({
  experimentIds: [run.experimentId],
  filter: below(run),
  orderBy: [],
  view: "ACTIVE_ONLY",
});

/** How many runs are below it. */
export const useChildren = (run: Run): number | undefined => useQuery(runCount(directlyBelow(run))).data;

/** The run above it, by its name. */
export function Parent({ id }: { id: string }) {
  const name = useQuery(runName(id)).data;
  return (
    <Link to="/runs/$runId" params={{ runId: id }} search={{}} title="Parent run">
      ↑ {name || "parent run"}
    </Link>
  );
}

/** Shows them in the table. */
export function Children({ run, count }: { run: Run; count: number }) {
  return (
    <Link
      to="/experiments/$experimentId"
      params={{ experimentId: run.experimentId }}
      search={{ q: below(run) }}
      style={{ color: "var(--accent)" }}
    >
      {plural(count, "run")}
    </Link>
  );
}
