/** Which params matter: every run of the search as a line, what each param tells, and how the best was found. */
import { useQuery } from "@tanstack/react-query";
import { useDeferredValue, useMemo, useState } from "react";
import { faultOf } from "@/api/filters.ts";
import { useLive } from "@/api/live.ts";
import { Button } from "@/components/Button.tsx";
import { Choice } from "@/components/Choice.tsx";
import { Field } from "@/components/Field.tsx";
import { Segmented } from "@/components/Segmented.tsx";
import { Empty, Failed, Fault, Skeleton } from "@/components/State.tsx";
import { columnName } from "@/lib/columns.ts";
import { formatCount, plural } from "@/lib/format.ts";
import { useAnnounced } from "@/lib/useAnnounced.ts";
import { BestSoFar } from "./BestSoFar.tsx";
import { ImportanceBars } from "./ImportanceBars.tsx";
import { KeptRuns } from "./KeptRuns.tsx";
import { ParallelAxes } from "./ParallelAxes.tsx";
import { Scatter } from "./Scatter.tsx";
import { SurfaceCard } from "./SurfaceCard.tsx";
import styles from "./Sweep.module.css";
import type { Sweep } from "./useSweep.ts";

const MOST_TOPICS = 100; // of one stream

export function SweepView({ sweep }: { sweep: Sweep }) {
  useLive(sweep.experimentIds.slice(0, MOST_TOPICS).map((id) => `exp:${id}`));
  const { error, matrix, query } = sweep;
  const fault = useQuery({ ...faultOf(query.filter), enabled: error !== null && query.filter !== "" }).data;
  return (
    <>
      <Controls sweep={sweep} />
      {error && matrix && <Fault>{fault?.message ?? error.message}</Fault>}
      <Body sweep={sweep} />
    </>
  );
}

function Controls({ sweep }: { sweep: Sweep }) {
  const { search, change, metrics, target, smaller, rows, matrix } = sweep;
  const options = useMemo(
    () =>
      metrics.flatMap((id) => [id, `min(${id})`, `max(${id})`]).map((id) => [id, columnName(id)] as const),
    [metrics],
  );
  const told = matrix && `${formatCount(rows.length)} of ${plural(matrix.total, "run")}`;
  useAnnounced("runs", told, JSON.stringify(search));
  return (
    <div className={styles.bar}>
      <div className={styles.filter}>
        <Field
          label="Filter runs"
          icon="search"
          shortcut="/"
          placeholder="Name contains…, or metrics.val_loss < 0.3 and params.optimizer = 'adamw'"
          value={search.q ?? ""}
          onChange={(event) => change({ q: event.target.value || undefined })}
        />
      </div>
      {metrics.length > 0 && (
        <>
          <Choice label="Target" value={target} options={options} onChange={(y) => change({ y })} />
          <Segmented
            label="Better is"
            value={smaller ? "min" : "max"}
            options={[
              ["min", "Smaller is better"],
              ["max", "Larger is better"],
            ]}
            onChange={(d) => change({ d })}
          />
        </>
      )}
      <span className={styles.count}>{told}</span>
      {search.br && (
        <Button icon="restore" onClick={() => change({ br: undefined })}>
          Clear ranges
        </Button>
      )}
    </div>
  );
}

function Body({ sweep }: { sweep: Sweep }) {
  const [hovered, setHovered] = useState<number | null>(null);
  const settled = useDeferredValue<Sweep | null>(sweep, null); // the axes are drawn first, and follow a brush at once
  const { isPending, error, refetch, axes, matrix, params, metrics } = sweep;
  if (error && !matrix) return <Failed error={error} retry={refetch} />;
  if (isPending) return <Skeleton rows={10} />;
  if (!sweep.target || (matrix && metrics.length === 0)) {
    return (
      <Empty title="No metrics yet">
        <p>A sweep needs runs with a metric and params that differ.</p>
      </Empty>
    );
  }
  if (!axes.length) return <Skeleton rows={10} />;
  if (params.length === 0) {
    return (
      <Empty title="No param differs between these runs">
        <p>Log what you vary with mlflow.log_params, and what it did shows here.</p>
      </Empty>
    );
  }
  return (
    <div className={styles.page}>
      {matrix && matrix.total > matrix.ids.length && (
        <p className={styles.note}>
          The latest {formatCount(matrix.ids.length)} of {plural(matrix.total, "run")} are shown.
        </p>
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <section className={styles.panel} aria-label="Parallel axes" tabIndex={0}>
        <ParallelAxes sweep={sweep} hovered={hovered} onHover={setHovered} />
      </section>
      {settled && (
        <>
          <div className={styles.cards}>
            <ImportanceBars sweep={settled} />
            <Scatter sweep={settled} hovered={hovered} onHover={setHovered} />
            <SurfaceCard sweep={settled} />
            <BestSoFar sweep={settled} />
          </div>
          <KeptRuns sweep={settled} hovered={hovered} onHover={setHovered} />
        </>
      )}
    </div>
  );
}
