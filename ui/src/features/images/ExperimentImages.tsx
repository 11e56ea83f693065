/** What the runs of an experiment logged over steps besides numbers: a row a run, a column a key. */
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useLive } from "@/api/live.ts";
import { runRows } from "@/api/runRows.ts";
import type { RunQuery } from "@/api/runs.ts";
import { Button } from "@/components/Button.tsx";
import { ExperimentHead } from "@/components/ExperimentHead.tsx";
import { Field } from "@/components/Field.tsx";
import { MediaTable } from "@/components/MediaTable.tsx";
import { Empty, Failed, Skeleton } from "@/components/State.tsx";
import { toFilter } from "@/lib/filter.ts";
import { plural } from "@/lib/format.ts";
import { useSettled } from "@/lib/useSettled.ts";
import styles from "./ImagesPage.module.css";

const route = getRouteApi("/experiments/$experimentId/images");

const AT_ONCE = 10; // runs, as each takes requests of its own
const MOST = 50;

export function ExperimentImages() {
  const { experimentId } = route.useParams();
  const { q = "", n, st } = route.useSearch();
  const navigate = route.useNavigate();
  const most = Math.max(AT_ONCE, Math.min(MOST, Number(n) || AT_ONCE));
  const filter = useSettled(toFilter(q), 300);
  const query: RunQuery = {
    experimentIds: [experimentId],
    filter,
    orderBy: ["attributes.start_time DESC"],
    view: "ACTIVE_ONLY",
  };
  const { data, error, isPending, refetch } = useQuery(runRows(query, [], 0, most, true));
  useLive([`exp:${experimentId}`]);
  const change = (part: { q?: string; n?: string; st?: string }) =>
    void navigate({ search: (before) => ({ ...before, ...part }), replace: true });
  return (
    <>
      <ExperimentHead experimentId={experimentId} />
      <div className={styles.filter}>
        <Field
          label="Filter runs"
          icon="search"
          shortcut="/"
          placeholder="Name contains…, or metrics.val_loss < 0.3 and params.optimizer = 'adamw'"
          value={q}
          onChange={(event) => change({ q: event.target.value || undefined })}
        />
        {data && data.total > most && most < MOST && (
          <Button icon="plus" onClick={() => change({ n: String(most + AT_ONCE) })}>
            More runs
          </Button>
        )}
      </div>
      {error && !data ? (
        <Failed error={error} retry={() => refetch()} />
      ) : isPending ? (
        <Skeleton rows={8} />
      ) : data?.runs.length === 0 ? (
        <Empty title={filter ? "No run matches" : "No runs yet"}>
          {!filter && (
            <p>
              Images of runs appear here after <code>mlflow.log_image(image, key="samples", step=step)</code>.
            </p>
          )}
        </Empty>
      ) : (
        <MediaTable
          runs={data?.runs ?? []}
          columns="keys"
          step={st}
          onStep={(step) => change({ st: step })}
          none={`No images over steps in ${plural(data?.runs.length ?? 0, "run")}`}
        />
      )}
      {error && data && <p role="alert">{error.message}</p>}
    </>
  );
}
