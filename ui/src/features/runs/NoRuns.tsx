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
  const [only = ""] = view.experimentIds;
  const experiment = useQuery({ ...experimentById(only), enabled: !view.several }).data;
  const columns = useQuery(columnsOf(view.experimentIds)).data;
  if (view.flat.filter) {
    const absent = columns && absentKey(view.written, columns);
    const rest = withoutLast(view.search.q ?? "");
    return (
      <Empty title={absent ? `No run has ${absent.key}` : "No run matches"}>
        <p>{plural(unfiltered, "run")} without the filter.</p>
        <div className={styles.actions}>
          {absent?.near && (
            <Button look="primary" onClick={() => view.change({ q: absent.corrected })}>
              Did you mean {absent.near}?
            </Button>
          )}
          {rest && <Button onClick={() => view.change({ q: rest })}>Clear the last condition</Button>}
          {view.search.t && <Button onClick={() => view.change({ t: undefined })}>Runs of any time</Button>}
          {(view.search.q || !view.search.t) && (
            <Button onClick={() => view.change({ q: undefined, t: undefined })}>Clear the filter</Button>
          )}
        </div>
      </Empty>
    );
  }
  if (view.flat.view === "DELETED_ONLY") {
    return (
      <Empty title="No run is in the trash">
        <Button onClick={() => view.change({ state: undefined })}>Back to the runs</Button>
      </Empty>
    );
  }
  if (experiment?.lifecycle_stage === "deleted") {
    return (
      <Empty title="This experiment is in the trash">
        <Button onClick={() => view.change({ state: "deleted" })}>Show its runs</Button>
      </Empty>
    );
  }
  if (view.several) return <Empty title="These experiments have no runs yet" />;
  return (
    <Empty title="Log the first run">
      <FirstRun experiment={experiment?.name ?? ""} />
    </Empty>
  );
}
