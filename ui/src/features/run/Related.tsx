/** What a run belongs to: the commit it ran from, and the runs below it. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { PARENT_TAG, type Run, runCount } from "@/api/runs.ts";
import { plural } from "@/lib/format.ts";
import { commitUrl } from "@/lib/repository.ts";

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

/** The commit, linked where the repository is on the web. */
export function Commit({ commit, tags }: { commit: string; tags: Run["tags"] }) {
  const url = commitUrl(tags["mlflow.source.git.repoURL"] ?? "", commit);
  const short = <code>{commit.slice(0, 10)}</code>;
  const dirty = tags["mlflow.source.git.dirty"] === "true" ? " with changes" : "";
  if (!url) {
    return (
      <>
        {short}
        {dirty}
      </>
    );
  }
  return (
    <>
      <a href={url} target="_blank" rel="noreferrer">
        {short}
      </a>
      {dirty}
    </>
  );
}
