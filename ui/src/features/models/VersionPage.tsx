/** One version of a model: where it came from, what it takes, how to load it, and how it differs from another. */
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import {
  deleteVersionTag,
  describeVersion,
  type Model,
  modelByName,
  modelVersion,
  setVersionTag,
  type Version,
} from "@/api/models.ts";
import { runById } from "@/api/runs.ts";
import { Card } from "@/components/Card.tsx";
import { Description } from "@/components/Description.tsx";
import { Header } from "@/components/Header.tsx";
import { Failed, Skeleton } from "@/components/State.tsx";
import { ownTags, TagChips } from "@/components/TagChips.tsx";
import { formatTime } from "@/lib/format.ts";
import { Aliases } from "./Aliases.tsx";
import { History } from "./History.tsx";
import { Loading } from "./Loading.tsx";
import styles from "./Models.module.css";
import { Source } from "./Source.tsx";
import { Stage } from "./Stage.tsx";
import { useEditModel } from "./useEditModel.ts";
import { VersionDiff } from "./VersionDiff.tsx";
import { VersionMenu } from "./VersionMenu.tsx";

const route = getRouteApi("/models/$name/$version");

export function VersionPage() {
  const { name, version } = route.useParams();
  const model = useQuery(modelByName(name));
  const found = useQuery(modelVersion(name, version));
  const error = found.error ?? model.error;
  if (error) {
    return (
      <>
        <Header title={`v${version}`} crumbs={<Crumbs name={name} />} />
        <Failed error={error} retry={() => found.refetch()} />
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
  const { with: other } = route.useSearch();
  const edit = useEditModel();
  const { name, version: number, tags = [] } = version;
  const run = useQuery({
    ...runById(version.run_id ?? ""),
    enabled: Boolean(version.run_id),
    retry: false,
  }).data;
  return (
    <>
      <Header title={`v${number}`} crumbs={<Crumbs name={name} />} aside={<VersionMenu version={version} />}>
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
      </div>
      <div className={styles.page}>
        <div className={styles.column}>
          <VersionDiff version={version} other={other ?? null} />
          <Loading model={model} version={version} />
          {run && <Source run={run} />}
        </div>
        <div className={styles.column}>
          <Description
            text={version.description ?? ""}
            ask="What is special about this version?"
            save={(text) => edit({ call: () => describeVersion(name, number, text) })}
          />
          <Card title="Tags">
            <div className={styles.inset}>
              <TagChips
                tags={ownTags(tags)}
                onSet={(key, value) => edit({ call: () => setVersionTag(name, number, key, value) })}
                onRemove={(key) => edit({ call: () => deleteVersionTag(name, number, key) })}
              />
            </div>
          </Card>
          <History name={name} version={number} />
        </div>
      </div>
    </>
  );
}
