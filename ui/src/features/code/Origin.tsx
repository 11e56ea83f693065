import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { jsonFile } from "@/api/artifacts.ts";
import { runFiles } from "@/api/files.ts";
import { PROCESS } from "@/api/origin.ts";
import type { Run } from "@/api/runs.ts";
import { IconButton } from "@/components/Button.tsx";
import { copyText } from "@/lib/copy.ts";
import { array, type Json, object, word } from "@/lib/json.ts";
import { commitUrl } from "@/lib/repository.ts";
import styles from "./CodePage.module.css";

/** Commit, command and machine in a few lines. */
export function Origin({ run, manifest }: { run: Run; manifest: Json }) {
  const process = object(useQuery(jsonFile(runFiles(run.id), PROCESS)).data);
  const [python, host] = [object(process.python), object(process.host)];
  const command = array(process.command).map(word).join(" ");
  const commit = word(manifest.commit) || (run.tags["mlflow.source.git.commit"] ?? "");
  const url = commitUrl(run.tags["mlflow.source.git.repoURL"] ?? word(manifest.remote), commit);
  const facts: [string, ReactNode][] = [
    ["Commit", commit && <Commit key="commit" commit={commit} url={url} />],
    ["Branch", word(manifest.branch) || run.tags["mlflow.source.git.branch"]],
    ["Command", command && <code key="command">{command}</code>],
    ["Folder", word(process.working_directory)],
    ["Python", joined(python.implementation, python.version)],
    ["Host", joined(host.name, host.system, host.machine)],
    ["Processors", word(host.processors)],
    ["User", word(process.user)],
  ];
  return (
    <dl className={styles.facts}>
      {facts.map(([name, value]) =>
        value ? (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ) : null,
      )}
    </dl>
  );
}

function Commit({ commit, url }: { commit: string; url: string | null }) {
  const text = <code>{commit.slice(0, 12)}</code>;
  return (
    <>
      {url ? (
        <a href={url} target="_blank" rel="noreferrer">
          {text}
        </a>
      ) : (
        text
      )}
      <IconButton icon="copy" label="Copy the commit" onClick={() => copyText(commit, "Commit")} />
    </>
  );
}

const joined = (...parts: unknown[]): string => parts.map(word).filter(Boolean).join(" ");
