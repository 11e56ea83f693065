/** One version of a model: where it came from, what it takes, how to load it, and how it differs from another. */
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, Outlet } from "@tanstack/react-router";
import { type Model, modelByName, modelVersion, type Version } from "@/api/models.ts";
import { runById } from "@/api/runs.ts";
import { Commit } from "@/components/Commit.tsx";
import { Header } from "@/components/Header.tsx";
import { Failed, Skeleton } from "@/components/State.tsx";
import { Tabs } from "@/components/Tabs.tsx";
import { formatTime } from "@/lib/format.ts";
import { Aliases } from "./Aliases.tsx";
import styles from "./Models.module.css";
import { Origin } from "./Origin.tsx";
import { Promote } from "./Promote.tsx";
import { Stage } from "./Stage.tsx";
import { VersionMenu } from "./VersionMenu.tsx";

const route = getRouteApi("/models/$name/$version");

const TABS = [
  ["/models/$name/$version", "Overview"],
  ["/models/$name/$version/files/$", "Files"],
] as const;

export function VersionPage() {
  const { name, version } = route.useParams();
  const model = useQuery(modelByName(name));
  const found = useQuery(modelVersion(name, version));
  const error = found.error ?? model.error;
  if (error) {
    return (
      <>
        <Header title={`v${version}`} crumbs={<Crumbs name={name} />} />
        <Failed error={error} retry={() => found.refetch()}>
          {model.data ? (
            <Link to="/models/$name" params={{ name }}>
              See all versions of {name}
            </Link>
          ) : (
            <Link to="/models">See all models</Link>
          )}
        </Failed>
      </>
    );
  }
  if (!model.data || !found.data) return <Skeleton rows={12} />;
  return <Loaded key={`${name} ${version}`} model={model.data} version={found.data} />;
}

const Crumbs = ({ name }: { name: string }) => (
  <>
    <Link to="/models" search={{}}>
      Models
    </Link>
    <span aria-hidden="true">/</span>
    <Link to="/models/$name" params={{ name }} search={{}}>
      {name}
    </Link>
  </>
);

function Loaded({ model, version }: { model: Model; version: Version }) {
  const { name, version: number } = version;
  const run = useQuery({
    ...runById(version.run_id ?? ""),
    enabled: Boolean(version.run_id),
    retry: false,
  }).data;
  return (
    <>
      <Header
        title={`v${number}`}
        crumbs={<Crumbs name={name} />}
        aside={
          <>
            <Promote model={model} version={version} />
            <VersionMenu version={version} />
          </>
        }
      >
        <Aliases model={model} version={number} />
      </Header>
      <div className={styles.facts}>
        <Stage version={version} />
        {version.status && version.status !== "READY" && (
          <span>{version.status.toLowerCase().replaceAll("_", " ")}</span>
        )}
        {version.creation_timestamp ? <span>registered {formatTime(version.creation_timestamp)}</span> : null}
        {version.user_id && <span>by {version.user_id}</span>}
        {run && (
          <Link to="/runs/$runId" params={{ runId: run.id }} search={{}}>
            from run {run.name || run.id}
          </Link>
        )}
        {run?.tags["mlflow.source.git.commit"] && (
          <Commit commit={run.tags["mlflow.source.git.commit"]} tags={run.tags} />
        )}
        <Origin version={version} />
      </div>
      <Tabs
        label="Parts of the version"
        links={TABS.map(([to, title]) => [
          title,
          { to, params: { name, version: number, _splat: "" }, search: {} },
        ])}
      />
      <Outlet />
    </>
  );
}
