import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { type Run, runById } from "@/api/runs.ts";
import { Card } from "@/components/Card.tsx";
import { Description, NOTE_TAG } from "@/components/Description.tsx";
import page from "@/components/Page.module.css";
import { ownTags, TagChips } from "@/components/TagChips.tsx";
import { Datasets } from "./Datasets.tsx";
import { Details } from "./Details.tsx";
import { MadeModels } from "./MadeModels.tsx";
import { MetricsCard } from "./MetricsCard.tsx";
import styles from "./Overview.module.css";
import { ParamsCard } from "./ParamsCard.tsx";
import { useEditRun } from "./useEditRun.ts";

const route = getRouteApi("/runs/$runId");

export function Overview() {
  const { runId } = route.useParams();
  const { data: run } = useQuery(runById(runId));
  return run ? <Loaded run={run} /> : null;
}

function Loaded({ run }: { run: Run }) {
  const edit = useEditRun(run);
  const tags = Object.entries(run.tags).map(([key, value]) => ({ key, value }));
  return (
    <div className={page.columns}>
      <div className={page.column}>
        <MetricsCard run={run} />
        <ParamsCard run={run} />
      </div>
      <div className={page.column}>
        <Description
          key={run.id}
          text={run.tags[NOTE_TAG] ?? ""}
          ask="What was this run for?"
          save={(text) => edit.setTag(NOTE_TAG, text)}
        />
        <Details run={run} />
        <Card title="Tags">
          <div className={styles.inset}>
            <TagChips tags={ownTags(tags)} onSet={edit.setTag} onRemove={edit.removeTag} />
          </div>
        </Card>
        <MadeModels run={run} />
        <Datasets run={run} />
      </div>
    </div>
  );
}
