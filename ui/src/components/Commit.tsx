import type { Run } from "@/api/runs.ts";
import { commitUrl } from "@/lib/repository.ts";

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
