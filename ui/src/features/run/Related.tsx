/** The runs below a run. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { PARENT_TAG, type Run, runCount } from "@/api/runs.ts";
import { plural } from "@/lib/format.ts";

const below = (run: Run) => `tags.${PARENT_TAG} = '${run.id}'`;

/** How many runs are below it. */
export const useChildren = (run: Run): number | undefined =>
  useQuery(
    runCount({ experimentIds: [run.experimentId], filter: below(run), orderBy: [], view: "ACTIVE_ONLY" }),
  ).data;

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
