import type { ReactNode } from "react";
import type { Run } from "@/api/runs.ts";
import { Card } from "@/components/Card.tsx";
import { Commit } from "@/components/Commit.tsx";
import { formatTime } from "@/lib/format.ts";
import styles from "./Overview.module.css";
import { Children, useChildren } from "./Related.tsx";

export function Details({ run }: { run: Run }) {
  const { tags } = run;
  const children = useChildren(run);
  const commit = tags["mlflow.source.git.commit"];
  const facts: [string, ReactNode][] = [
    ["Run id", <code key="id">{run.id}</code>],
    ["Started", run.start && formatTime(run.start)],
    ["Ended", run.end && formatTime(run.end)],
    ["Source", tags["mlflow.source.name"]],
    ["Branch", tags["mlflow.source.git.branch"]],
    ["Commit", commit && <Commit key="commit" commit={commit} tags={tags} />],
    ["Artifacts", <code key="uri">{run.artifactUri}</code>],
    ["Child runs", children ? <Children key="children" run={run} count={children} /> : null],
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
