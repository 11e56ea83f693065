import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, Outlet } from "@tanstack/react-router";
import { useState } from "react";
import { experimentById } from "@/api/experiments.ts";
import { useLive } from "@/api/live.ts";
import { rowsById } from "@/api/runRows.ts";
import { liveness, PARENT_TAG, type Run, renameRun, runById } from "@/api/runs.ts";
import { Button } from "@/components/Button.tsx";
import { Commit } from "@/components/Commit.tsx";
import { Header } from "@/components/Header.tsx";
import page from "@/components/Page.module.css";
import { Failed, Skeleton } from "@/components/State.tsx";
import { Status } from "@/components/Status.tsx";
import { formatAgo, formatDuration, formatTime } from "@/lib/format.ts";
import { useAnnounced } from "@/lib/useAnnounced.ts";
import { useNow } from "@/lib/useNow.ts";
import { useOpening } from "./opening.ts";
import { Children, Parent, useChildren } from "./Related.tsx";
import { RunColor } from "./RunColor.tsx";
import { RunMenu } from "./RunMenu.tsx";
import styles from "./RunPage.module.css";
import { RunTabs } from "./RunTabs.tsx";
import { StepRuns } from "./StepRuns.tsx";
import { useEditRun } from "./useEditRun.ts";

const route = getRouteApi("/runs/$runId");

export function RunPage() {
  const { runId } = route.useParams();
  useOpening(runId);
  const { data: run, error, isPending, refetch } = useQuery(runById(runId));
  useLive([`run:${runId}`]);
  if (isPending) return <Skeleton rows={12} />;
  if (!run) {
    return (
      <>
        <Header
          title="Run"
          crumbs={
            <Link to="/experiments" search={{}}>
              Experiments
            </Link>
          }
        />
        <Failed error={error as Error} retry={() => refetch()}>
          <Link to="/experiments">See all experiments</Link>
        </Failed>
      </>
    );
  }
  return <Loaded run={run} />;
}

function Loaded({ run }: { run: Run }) {
  const [renaming, setRenaming] = useState(false);
  const experiment = useQuery(experimentById(run.experimentId)).data;
  const edit = useEditRun(run);
  return (
    <>
      <Header
        title={run.name || run.id}
        rename={
          run.deleted
            ? undefined
            : {
                what: "the run",
                name: run.name,
                save: (name) => renameRun(run.id, name).then(edit.refresh),
                open: renaming,
                onOpen: setRenaming,
              }
        }
        crumbs={
          <>
            <Link to="/experiments" search={{}}>
              Experiments
            </Link>
            <span aria-hidden="true">/</span>
            <Link to="/experiments/$experimentId" params={{ experimentId: run.experimentId }} search={{}}>
              {experiment?.name ?? "…"}
            </Link>
          </>
        }
        aside={
          <>
            <StepRuns runId={run.id} />
            <RunMenu run={run} rename={() => setRenaming(true)} />
          </>
        }
      />
      <Facts run={run} />
      {run.deleted && <Trashed run={run} />}
      <RunTabs runId={run.id} />
      <div className={page.body}>
        <Outlet />
      </div>
    </>
  );
}

function Trashed({ run }: { run: Run }) {
  const { restore } = useEditRun(run);
  const since = useQuery(rowsById([run.experimentId], [run.id], [])).data?.runs[0]?.trashed;
  return (
    <p className={styles.deleted}>
      {since ? `In the trash since ${formatTime(since)}.` : "In the trash."}
      <Button icon="restore" onClick={restore}>
        Restore
      </Button>
    </p>
  );
}

function Facts({ run }: { run: Run }) {
  const now = useNow(run.status === "RUNNING" ? 1000 : 30_000);
  const stale = useQuery({ ...liveness([run.id]), enabled: run.status === "RUNNING" }).data?.has(run.id);
  useAnnounced("status", `${run.name} is ${run.status.toLowerCase()}`, run.id);
  const children = useChildren(run);
  const parent = run.tags[PARENT_TAG];
  const commit = run.tags["mlflow.source.git.commit"];
  const length = run.start && (run.end ?? (run.status === "RUNNING" ? now : run.start)) - run.start;
  return (
    <div className={styles.facts}>
      <RunColor id={run.id} />
      <Status status={stale ? "STALE" : run.status} word />
      {length ? <span className="num">{formatDuration(length)}</span> : null}
      {run.start && <span title={formatTime(run.start)}>started {formatAgo(run.start, now)}</span>}
      {run.user && <span>by {run.user}</span>}
      {parent && <Parent id={parent} />}
      {children ? (
        <span>
          ↓ <Children run={run} count={children} />
        </span>
      ) : null}
      {commit && <Commit commit={commit} tags={run.tags} />}
    </div>
  );
}
