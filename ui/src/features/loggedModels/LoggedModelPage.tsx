/** One logged model: what was measured of it on which dataset, its files, and the versions registered of it. */
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, Outlet } from "@tanstack/react-router";
import { experimentById } from "@/api/experiments.ts";
import { useLive } from "@/api/live.ts";
import { type LoggedModel, loggedModel } from "@/api/loggedModels.ts";
import { Header } from "@/components/Header.tsx";
import page from "@/components/Page.module.css";
import { RunLink } from "@/components/RunLink.tsx";
import { Failed, Skeleton } from "@/components/State.tsx";
import { Tabs } from "@/components/Tabs.tsx";
import { formatAgo, formatTime } from "@/lib/format.ts";
import { useNow } from "@/lib/useNow.ts";
import { LoggedModelMenu } from "./LoggedModelMenu.tsx";
import styles from "./ModelPage.module.css";

const route = getRouteApi("/experiments/$experimentId/models/$modelId");

const TABS = [
  ["/experiments/$experimentId/models/$modelId", "Overview"],
  ["/experiments/$experimentId/models/$modelId/artifacts/$", "Artifacts"],
] as const;

export function LoggedModelPage() {
  const { modelId, experimentId } = route.useParams();
  const { data: model, error, isPending, refetch } = useQuery(loggedModel(modelId));
  useLive([`exp:${experimentId}`]);
  if (isPending) return <Skeleton rows={12} />;
  if (!model) {
    return (
      <>
        <Header title="Model" crumbs={<Crumbs experimentId={experimentId} />} />
        <Failed error={error as Error} retry={() => refetch()} />
      </>
    );
  }
  return <Loaded model={model} />;
}

function Crumbs({ experimentId }: { experimentId: string }) {
  const name = useQuery(experimentById(experimentId)).data?.name ?? "…";
  return (
    <>
      <Link to="/experiments" search={{}}>
        Experiments
      </Link>
      <span aria-hidden="true">/</span>
      <Link to="/experiments/$experimentId" params={{ experimentId }} search={{}}>
        {name}
      </Link>
      <span aria-hidden="true">/</span>
      <Link to="/experiments/$experimentId/models" params={{ experimentId }} search={{}}>
        Models
      </Link>
    </>
  );
}

function Loaded({ model }: { model: LoggedModel }) {
  const now = useNow();
  const { id, name, experimentId, runId, status, statusMessage, type, created } = model;
  return (
    <>
      <Header
        title={name}
        crumbs={<Crumbs experimentId={experimentId} />}
        aside={<LoggedModelMenu model={model} />}
      />
      <div className={styles.facts}>
        <span data-status={status}>
          {status === "READY" ? "Ready" : status === "PENDING" ? "Being logged" : "Upload failed"}
          {statusMessage && `: ${statusMessage}`}
        </span>
        {type && <span>{type}</span>}
        <span title={formatTime(created)}>logged {formatAgo(created, now)}</span>
        {runId && (
          <span>
            from run <RunLink id={runId} />
          </span>
        )}
      </div>
      <Tabs
        label="Parts of the model"
        links={TABS.map(([to, title]) => [title, { to, params: { experimentId, modelId: id, _splat: "" } }])}
      />
      <div className={page.body}>
        <Outlet />
      </div>
    </>
  );
}
