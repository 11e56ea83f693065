/** Where a run came from: its commit and what differed from it, its script, its packages, its process. */
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useMemo } from "react";
import { jsonFile, listing, textFile } from "@/api/artifacts.ts";
import { runFiles } from "@/api/files.ts";
import { DIFF, ENTRY, MANIFEST } from "@/api/origin.ts";
import { runById } from "@/api/runs.ts";
import { Code } from "@/components/Code.tsx";
import { DiffView } from "@/components/DiffView.tsx";
import { Segmented } from "@/components/Segmented.tsx";
import { Empty, Failed, Skeleton } from "@/components/State.tsx";
import { object } from "@/lib/json.ts";
import { parseDiff } from "@/lib/unifiedDiff.ts";
import styles from "./CodePage.module.css";
import { Origin } from "./Origin.tsx";
import { Packages } from "./Packages.tsx";
import { Untracked } from "./Untracked.tsx";

const route = getRouteApi("/runs/$runId/code");

type Part = "changes" | "script" | "untracked" | "packages";

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
  const { data: captured, isPending, error, refetch } = useQuery(listing(runFiles(runId), ".mlflow"));
  const manifest = object(useQuery(jsonFile(runFiles(runId), MANIFEST)).data);
  if (error) return <Failed error={error} retry={() => refetch()} />;
  if (isPending || !run) return <Skeleton rows={12} />;
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
  const { data, isPending, error, refetch } = useQuery(textFile(runFiles(runId), DIFF));
  const files = useMemo(() => parseDiff(data?.text ?? ""), [data]);
  if (isPending) return <Skeleton />;
  if (error) return <Failed error={error} retry={() => refetch()} />;
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
  const entries = useQuery(listing(runFiles(runId), ENTRY));
  const path = entries.data?.[0]?.path ?? "";
  const file = useQuery({ ...textFile(runFiles(runId), path), enabled: path !== "" });
  const failed = entries.error ? entries : file.error ? file : null;
  if (failed?.error) return <Failed error={failed.error} retry={() => void failed.refetch()} />;
  if (entries.data && !path) return <p className={styles.none}>No script was recorded.</p>;
  if (file.isPending) return <Skeleton />;
  return (
    <div className={styles.code}>
      <Code text={file.data?.text ?? ""} name={path.slice(path.lastIndexOf("/") + 1)} />
    </div>
  );
}
