/** Runs side by side: what differs, what it did, and the code behind it. */
import { Link } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { useLive } from "@/api/live.ts";
import type { Run } from "@/api/runs.ts";
import { Header } from "@/components/Header.tsx";
import { Segmented } from "@/components/Segmented.tsx";
import { Empty, Failed, Skeleton } from "@/components/State.tsx";
import { plural } from "@/lib/format.ts";
import styles from "./ComparePage.module.css";
import { CompareTable } from "./CompareTable.tsx";
import { type Compared, useCompared } from "./useCompared.ts";

const CompareCharts = lazy(() =>
  import("./CompareCharts.tsx").then(({ CompareCharts }) => ({ default: CompareCharts })),
);
const CompareImages = lazy(() =>
  import("./CompareImages.tsx").then(({ CompareImages }) => ({ default: CompareImages })),
);
const CompareFiles = lazy(() =>
  import("./CompareFiles.tsx").then(({ CompareFiles }) => ({ default: CompareFiles })),
);
const CompareCode = lazy(() =>
  import("./CompareCode.tsx").then(({ CompareCode }) => ({ default: CompareCode })),
);

const MODES = [
  ["both", "Both"],
  ["table", "Table"],
  ["charts", "Charts"],
  ["images", "Images"],
  ["files", "Files"],
  ["code", "Code"],
] as const;

export function ComparePage() {
  const compared = useCompared();
  const { search, change, runs, isPending, error } = compared;
  useLive(runs.filter(({ status }) => status === "RUNNING").map(({ id }) => `run:${id}`));
  const mode = search.m ?? "both";
  return (
    <div className={styles.page}>
      <Header
        title={runs.length ? `Compare ${plural(runs.length, "run")}` : "Compare runs"}
        crumbs={<Crumbs compared={compared} />}
        aside={
          <>
            {runs.length > 1 && <ToSweep runs={runs} />}
            <Segmented
              label="What to show"
              value={mode}
              options={MODES}
              onChange={(to) => change({ m: to === "both" ? undefined : to })}
            />
          </>
        }
      />
      {error && <Failed error={error} />}
      {!error && isPending && runs.length === 0 ? <Skeleton rows={12} /> : null}
      {!error && !isPending && runs.length < 2 && (
        <Empty title="Choose runs to compare">
          <p>
            Select two or more runs of an experiment, then press <kbd>c</kbd>.
          </p>
          <Link to="/runs">See the runs of all experiments</Link>
        </Empty>
      )}
      {runs.length > 1 && (
        <div className={styles.body} data-mode={mode}>
          {(mode === "both" || mode === "table") && <CompareTable compared={compared} />}
          <Suspense fallback={<Skeleton />}>
            {(mode === "both" || mode === "charts") && <CompareCharts compared={compared} />}
            {mode === "images" && <CompareImages compared={compared} />}
            {mode === "files" && <CompareFiles compared={compared} />}
            {mode === "code" && <CompareCode compared={compared} />}
          </Suspense>
        </div>
      )}
    </div>
  );
}

/** The same runs over their params: parallel axes, scatter, contours. */
function ToSweep({ runs }: { runs: readonly Run[] }) {
  const e = [...new Set(runs.map(({ experimentId }) => experimentId))];
  const q = `run_id IN (${runs.map(({ id }) => `'${id}'`).join(", ")})`;
  return (
    <Link to="/runs/sweep" search={{ e, q }} className={styles.sweep}>
      Sweep
    </Link>
  );
}

function Crumbs({ compared: { runs } }: { compared: Compared }) {
  const [experiment, ...others] = new Set(runs.map(({ experimentId }) => experimentId));
  if (!experiment || others.length) {
    return (
      <Link to="/experiments" search={{}}>
        Experiments
      </Link>
    );
  }
  return (
    <Link to="/experiments/$experimentId" params={{ experimentId: experiment }} search={{}}>
      Runs
    </Link>
  );
}
