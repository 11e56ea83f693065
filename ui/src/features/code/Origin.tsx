import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { jsonFile } from "@/api/artifacts.ts";
import { runFiles } from "@/api/files.ts";
import { type Manifest, PROCESS } from "@/api/origin.ts";
import type { Run } from "@/api/runs.ts";
import { IconButton } from "@/components/Button.tsx";
import { copyText } from "@/lib/copy.ts";
import { commitUrl } from "@/lib/repository.ts";
import styles from "./CodePage.module.css";

interface Process {
  command?: string[];
  working_directory?: string | null;
  python?: { version?: string; implementation?: string; executable?: string };
  user?: string | null;
  host?: { name?: string; system?: string; release?: string; machine?: string; processors?: number };
}

/** Commit, command and machine in a few lines. */
export function Origin({ run, manifest }: { run: Run; manifest: Manifest | null }) {
  const process = useQuery(jsonFile<Process>(runFiles(run.id), PROCESS)).data;
  const commit = manifest?.commit ?? run.tags["mlflow.source.git.commit"] ?? "";
  const url = commitUrl(run.tags["mlflow.source.git.repoURL"] ?? manifest?.remote ?? "", commit);
  const facts: [string, ReactNode][] = [
    ["Commit", commit && <Commit key="commit" commit={commit} url={url} />],
    ["Branch", manifest?.branch ?? run.tags["mlflow.source.git.branch"]],
    ["Command", process?.command?.length ? <code key="command">{process.command.join(" ")}</code> : null],
    ["Folder", process?.working_directory],
    ["Python", joined(process?.python?.implementation, process?.python?.version)],
    ["Host", joined(process?.host?.name, process?.host?.system, process?.host?.machine)],
    ["Processors", process?.host?.processors],
    ["User", process?.user],
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

const joined = (...parts: (string | undefined)[]): string => parts.filter(Boolean).join(" ");
