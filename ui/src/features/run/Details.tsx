import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { PARENT_TAG, type Run, runCount } from "@/api/runs.ts";
import { Card } from "@/components/Card.tsx";
import { formatTime, plural } from "@/lib/format.ts";
import { commitUrl } from "@/lib/repository.ts";
import styles from "./Overview.module.css";

export function Details({ run }: { run: Run }) {
  const { tags } = run;
  const filter = `tags.${PARENT_TAG} = '${run.id}'`;
  const children = useQuery(
    runCount({ experimentIds: [run.experimentId], filter, orderBy: [], view: "ACTIVE_ONLY" }),
  ).data;
  const commit = tags["mlflow.source.git.commit"];
  const facts: [string, ReactNode][] = [
    ["Run id", <code key="id">{run.id}</code>],
    ["Started", run.start && formatTime(run.start)],
    ["Ended", run.end && formatTime(run.end)],
    ["Source", tags["mlflow.source.name"]],
    ["Branch", tags["mlflow.source.git.branch"]],
    ["Commit", commit && <Commit key="commit" commit={commit} tags={tags} />],
    ["Artifacts", <code key="uri">{run.artifactUri}</code>],
    [
      "Child runs",
      children ? (
        <Link
          key="children"
          to="/experiments/$experimentId"
          params={{ experimentId: run.experimentId }}
          search={{ q: filter }}
          style={{ color: "var(--accent)" }}
        >
          {plural(children, "run")}
        </Link>
      ) : null,
    ],
  ];
  return (
    <Card title="Details">
      <dl className={styles.facts}>
        {facts.map(([name, value]) =>
          value ? (
            <div key={name} style={{ display: "contents" }}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ) : null,
        )}
      </dl>
    </Card>
  );
}

/** The commit, linked where the repository is on the web. */
function Commit({ commit, tags }: { commit: string; tags: Run["tags"] }) {
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
