import { useQuery } from "@tanstack/react-query";
import { columnsOf, experimentById } from "@/api/experiments.ts";
import { runCount } from "@/api/runs.ts";
import { Button } from "@/components/Button.tsx";
import { FirstRun } from "@/components/FirstRun.tsx";
import { Empty } from "@/components/State.tsx";
import { plural } from "@/lib/format.ts";
import { absentKey, withoutLast } from "./emptied.ts";
import styles from "./RunsPage.module.css";
import type { RunsView } from "./useRunsView.ts";

export function NoRuns({ view }: { view: RunsView }) {
  const unfiltered = useQuery(runCount({ ...view.flat, filter: "" })).data ?? 0;
  const name = useQuery(experimentById(view.experimentId)).data?.name ?? "";
  const columns = useQuery(columnsOf(view.experimentId)).data;
  if (view.flat.filter) {
    const absent = columns && absentKey(view.flat.filter, columns);
    const rest = withoutLast(view.search.q ?? "");
    return (
      <Empty title={absent ? `No run has ${absent.key}` : "No run matches"}>
        {absent?.near && <p>Did you mean {absent.near}?</p>}
        <p>{plural(unfiltered, "run")} without the filter.</p>
        <div className={styles.actions}>
          {rest && <Button onClick={() => view.change({ q: rest })}>Clear the last condition</Button>}
          <Button onClick={() => view.change({ q: undefined })}>Clear the filter</Button>
        </div>
      </Empty>
    );
  }
  if (view.flat.view === "DELETED_ONLY") return <Empty title="No run is in the trash" />;
  return (
    <Empty title="Log the first run">
      <FirstRun experiment={name} />
    </Empty>
  );
}
