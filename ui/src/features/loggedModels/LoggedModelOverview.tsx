import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { yamlFile } from "@/api/artifacts.ts";
import { loggedModelFiles } from "@/api/files.ts";
import {
  type LoggedModel,
  loggedModel,
  loggedModelKeys,
  tagLoggedModel,
  untagLoggedModel,
} from "@/api/loggedModels.ts";
import { Card } from "@/components/Card.tsx";
import { Description, NOTE_TAG } from "@/components/Description.tsx";
import page from "@/components/Page.module.css";
import { Signature } from "@/components/Signature.tsx";
import { Snippet } from "@/components/Snippet.tsx";
import { Skeleton } from "@/components/State.tsx";
import { ownTags, TagChips } from "@/components/TagChips.tsx";
import { byName } from "@/lib/byName.ts";
import { formatTime } from "@/lib/format.ts";
import { flavorsIn, loadingCode } from "@/lib/loadingCode.ts";
import { useEdit } from "@/lib/useEdit.ts";
import { MeasuredCard } from "./MeasuredCard.tsx";
import styles from "./ModelPage.module.css";
import { VersionLinks } from "./VersionLinks.tsx";

const route = getRouteApi("/experiments/$experimentId/models/$modelId");

export function LoggedModelOverview() {
  const { modelId } = route.useParams();
  const { data: model } = useQuery(loggedModel(modelId));
  return model ? <Loaded model={model} /> : <Skeleton />;
}

function Loaded({ model }: { model: LoggedModel }) {
  const edit = useEdit(loggedModelKeys.all);
  const tags = Object.entries(model.tags).map(([key, value]) => ({ key, value }));
  const set = (key: string, value: string) => edit({ call: () => tagLoggedModel(model.id, key, value) });
  return (
    <div className={page.columns}>
      <div className={page.column}>
        <MeasuredCard model={model} />
        <Params params={model.params} />
        <LoadIt model={model} />
      </div>
      <div className={page.column}>
        <Description
          key={model.id}
          text={model.tags[NOTE_TAG] ?? ""}
          ask="What is special about this model?"
          save={(text) => set(NOTE_TAG, text)}
        />
        <Details model={model} />
        <Card title="Registered versions" count={model.versions.length}>
          <div className={styles.inset}>
            {model.versions.length ? (
              <VersionLinks versions={model.versions} />
            ) : (
              <p className={styles.quiet}>None yet; “Register” makes it a version of a registered model.</p>
            )}
          </div>
        </Card>
        <Card title="Tags">
          <div className={styles.inset}>
            <TagChips
              tags={ownTags(tags)}
              onSet={set}
              onRemove={(key) => edit({ call: () => untagLoggedModel(model.id, key) })}
            />
          </div>
        </Card>
      </div>
    </div>
  );
}

function Params({ params }: { params: LoggedModel["params"] }) {
  const pairs = Object.entries(params).sort(([a], [b]) => byName(a, b));
  return (
    <Card title="Params" count={pairs.length}>
      {pairs.length === 0 ? (
        <p className={styles.none}>The model was logged without params.</p>
      ) : (
        <table className={styles.table}>
          <tbody>
            {pairs.map(([key, value]) => (
              <tr key={key}>
                <th scope="row">{key}</th>
                <td>{value}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Card>
  );
}

function LoadIt({ model: { id } }: { model: LoggedModel }) {
  const { data, error } = useQuery(yamlFile(loggedModelFiles(id), "MLmodel"));
  return (
    <>
      <Card title="Load it">
        <div className={styles.inset}>
          <Snippet code={loadingCode(`models:/${id}`, flavorsIn(data))} />
        </div>
      </Card>
      <Card title="Signature">
        <div className={styles.inset}>
          {error ? (
            <p className={styles.quiet}>The model has no MLmodel file that can be read.</p>
          ) : (
            <Signature signature={data?.signature} />
          )}
        </div>
      </Card>
    </>
  );
}

function Details({ model: { id, created, changed, location, type } }: { model: LoggedModel }) {
  const facts = [
    ["Model id", id],
    ["Type", type],
    ["Logged", formatTime(created)],
    ["Changed", changed === created ? "" : formatTime(changed)],
    ["Files", location],
  ] as const;
  return (
    <Card title="Details">
      <dl className={styles.details}>
        {facts.map(([name, value]) =>
          value ? (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ) : null,
        )}
      </dl>
    </Card>
  );
}
