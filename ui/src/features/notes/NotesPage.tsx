/** What an experiment is about: its description, tags, and where its files are. */
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import {
  deleteExperimentTag,
  type Experiment,
  experimentById,
  experimentKeys,
  setExperimentTag,
} from "@/api/experiments.ts";
import { IconButton } from "@/components/Button.tsx";
import { Card } from "@/components/Card.tsx";
import { Description, NOTE_TAG } from "@/components/Description.tsx";
import { ExperimentHead } from "@/components/ExperimentHead.tsx";
import page from "@/components/Page.module.css";
import { Failed, Skeleton } from "@/components/State.tsx";
import { ownTags, TagChips } from "@/components/TagChips.tsx";
import { copyText } from "@/lib/copy.ts";
import { formatTime } from "@/lib/format.ts";
import { useEdit } from "@/lib/useEdit.ts";
import styles from "./NotesPage.module.css";

const route = getRouteApi("/experiments/$experimentId/notes");

export function NotesPage() {
  const { experimentId } = route.useParams();
  const { data, error, isPending, refetch } = useQuery(experimentById(experimentId));
  return (
    <>
      <ExperimentHead experimentId={experimentId} />
      {isPending ? (
        <Skeleton />
      ) : error ? (
        <Failed error={error} retry={() => refetch()} />
      ) : (
        <Notes key={experimentId} experiment={data} />
      )}
    </>
  );
}

function Notes({ experiment }: { experiment: Experiment }) {
  const { experiment_id: id, tags = [] } = experiment;
  const edit = useEdit(experimentKeys.all);
  const set = (key: string, value: string) => edit({ call: () => setExperimentTag(id, key, value) });
  const remove = (key: string) => edit({ call: () => deleteExperimentTag(id, key) });
  return (
    <div className={styles.page}>
      <Description
        text={tags.find(({ key }) => key === NOTE_TAG)?.value ?? ""}
        ask="What is this experiment about?"
        save={(value) => set(NOTE_TAG, value)}
      />
      <div className={page.column}>
        <Card title="Details">
          <Facts experiment={experiment} />
        </Card>
        <Card title="Tags">
          <div className={styles.tags}>
            <TagChips tags={ownTags(tags)} onSet={set} onRemove={remove} />
          </div>
        </Card>
      </div>
    </div>
  );
}

function Facts({ experiment }: { experiment: Experiment }) {
  const { experiment_id, artifact_location = "", creation_time, last_update_time } = experiment;
  const copied: [string, string][] = [
    ["Experiment id", experiment_id],
    ["Artifacts", artifact_location],
  ];
  const times: [string, number | null | undefined][] = [
    ["Created", creation_time],
    ["Last change", last_update_time],
  ];
  return (
    <dl className={styles.facts}>
      {copied.map(([name, text]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            <code>{text}</code>
            <IconButton icon="copy" label={`Copy: ${name}`} onClick={() => copyText(text, name)} />
          </dd>
        </div>
      ))}
      {times.map(([name, time]) =>
        time ? (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{formatTime(time)}</dd>
          </div>
        ) : null,
      )}
    </dl>
  );
}
