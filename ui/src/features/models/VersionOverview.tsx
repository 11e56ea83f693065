import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import {
  deleteVersionTag,
  describeVersion,
  type Model,
  modelByName,
  modelKeys,
  modelVersion,
  setVersionTag,
  type Version,
} from "@/api/models.ts";
import { runById } from "@/api/runs.ts";
import { Card } from "@/components/Card.tsx";
import { Description } from "@/components/Description.tsx";
import page from "@/components/Page.module.css";
import { ownTags, TagChips } from "@/components/TagChips.tsx";
import { useEdit } from "@/lib/useEdit.ts";
import { Example } from "./Example.tsx";
import { History } from "./History.tsx";
import { Loading } from "./Loading.tsx";
import styles from "./Models.module.css";
import { Requirements } from "./Requirements.tsx";
import { Source } from "./Source.tsx";
import { VersionDiff } from "./VersionDiff.tsx";

const route = getRouteApi("/models/$name/$version");

export function VersionOverview() {
  const { name, version } = route.useParams();
  const model = useQuery(modelByName(name)).data;
  const found = useQuery(modelVersion(name, version)).data;
  return model && found ? <Loaded model={model} version={found} /> : null;
}

function Loaded({ model, version }: { model: Model; version: Version }) {
  const { with: other } = route.useSearch();
  const edit = useEdit(modelKeys.all);
  const { name, version: number, tags = [] } = version;
  const run = useQuery({
    ...runById(version.run_id ?? ""),
    enabled: Boolean(version.run_id),
    retry: false,
  }).data;
  return (
    <div className={styles.page}>
      <div className={page.column}>
        <VersionDiff version={version} other={other ?? null} />
        <Loading model={model} version={version}>
          {run && <Source run={run} />}
        </Loading>
        <Example name={name} version={number} />
        <Requirements name={name} version={number} />
      </div>
      <div className={page.column}>
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
  );
}
