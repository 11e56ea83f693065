/** Where a run came from: its commit and what differed from it, its script, its packages, its process. */
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useMemo } from "react";
import { jsonFile, listing, textFile } from "@/api/artifacts.ts";
import { runFiles } from "@/api/files.ts";
import { DIFF, ENTRY, MANIFEST, type Manifest } from "@/api/origin.ts";
import { runById } from "@/api/runs.ts";
import { Code } from "@/components/Code.tsx";
import { DiffView } from "@/components/DiffView.tsx";
import { Segmented } from "@/components/Segmented.tsx";
import { Empty, Failed, Skeleton } from "@/components/State.tsx";
import { parseDiff } from "@/lib/unifiedDiff.ts";
import styles from "./CodePage.module.css";
import { Origin } from "./Origin.tsx";
import { Packages } from "./Packages.tsx";
import { Untracked } from "./Untracked.tsx";

const route = getRouteApi("/runs/$runId/code");

export type Part = "changes" | "script" | "untracked" | "packages";

const PARTS: readonly (readonly [Part, string])[] = [
  ["changes", "Changes"],
  ["script", "Script"],
  ["untracked", "Untracked files"],
  ["packages", "Packages"],
];

export function CodePage() {
  const { runId } = route.useParams();
  const { part = "changes" } = route.useSearch();
  const navigate = route.useNavigate();
  const { data: run } = useQuery(runById(runId));
  const { data: captured, isPending, error } = useQuery(listing(runFiles(runId), ".mlflow"));
  const manifest = useQuery(jsonFile<Manifest>(runFiles(runId), MANIFEST)).data ?? null;
  if (isPending || !run) return <Skeleton rows={12} />;
  if (error) return <Failed error={error} />;
  if (captured.length === 0 && !run.tags["mlflow.source.git.commit"]) {
    return (
      <Empty title="This run recorded no code">
        <p>
          Runs started by <code>mlflow.start_run()</code> record their commit, what differs from it, and their
          packages, unless <code>MLFLOW_CAPTURE=false</code> is set.
        </p>
      </Empty>
    );
  }
  return (
    <div className={styles.page}>
      <Origin run={run} manifest={manifest} />
      <Segmented
        label="What to show"
        value={part}
        options={PARTS}
        onChange={(to) =>
          void navigate({
            to: "/runs/$runId/code",
            search: (before) => ({ ...before, part: to === "changes" ? undefined : to, q: undefined }),
            replace: true,
          })
        }
      />
      {part === "changes" && <Changes runId={runId} dirty={run.tags["mlflow.source.git.dirty"] === "true"} />}
      {part === "script" && <Script runId={runId} />}
      {part === "untracked" && <Untracked runId={runId} />}
      {part === "packages" && <Packages runId={runId} />}
    </div>
  );
}

function Changes({ runId, dirty }: { runId: string; dirty: boolean }) {
  const { data, isPending, error } = useQuery(textFile(runFiles(runId), DIFF));
  const files = useMemo(() => parseDiff(data?.text ?? ""), [data]);
  if (isPending) return <Skeleton />;
  if (error) return <Failed error={error} />;
  if (!files.length) {
    return (
      <p className={styles.none}>
        {dirty
          ? "Tracked files differed from the commit, but the changes were not recorded."
          : "No tracked file differed from the commit."}
      </p>
    );
  }
  return (
    <>
      {data?.cut && (
        <p className={styles.none}>These are the first mebibytes; the artifact diff.patch has all.</p>
      )}
      <DiffView files={files} />
    </>
  );
}

function Script({ runId }: { runId: string }) {
  const { data: entries } = useQuery(listing(runFiles(runId), ENTRY));
  const path = entries?.[0]?.path ?? "";
  const { data, isPending } = useQuery({ ...textFile(runFiles(runId), path), enabled: path !== "" });
  if (entries && !path) return <p className={styles.none}>No script was recorded.</p>;
  if (isPending) return <Skeleton />;
  return (
    <div className={styles.code}>
      <Code text={data?.text ?? ""} name={path.slice(path.lastIndexOf("/") + 1)} />
    </div>
  );
}
