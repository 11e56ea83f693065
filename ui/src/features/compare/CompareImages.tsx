/** What the runs logged over steps, at the same step: a row a key, a column a run. */
import { useQueries } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { runFiles } from "@/api/files.ts";
import { mediaOf } from "@/api/media.ts";
import type { Run } from "@/api/runs.ts";
import { Media } from "@/components/Media.tsx";
import { Empty, Failed, Skeleton } from "@/components/State.tsx";
import { placeOf, Steps } from "@/components/Steps.tsx";
import { runStyle } from "@/lib/colors.ts";
import { type MediaSeries, shotAt, stepsOf } from "@/lib/mediaSeries.ts";
import { useTheme } from "@/lib/theme.ts";
import styles from "./CompareImages.module.css";
import type { Compared } from "./useCompared.ts";

export function CompareImages({ compared: { runs, search, change } }: { compared: Compared }) {
  const [sharp, setSharp] = useState(false);
  const theme = useTheme();
  const found = useQueries({ queries: runs.map(({ id }) => mediaOf(id)) });
  const error = found.find((one) => one.error)?.error;
  if (error) return <Failed error={error} />;
  if (found.some(({ isPending }) => isPending)) return <Skeleton rows={8} />;
  const all = found.map(({ data }) => data ?? []);
  const steps = stepsOf(all.flat());
  if (steps.length === 0) {
    return (
      <Empty title="These runs have no images over steps">
        <p>
          They appear here after <code>mlflow.log_image(image, key="samples", step=step)</code>.
        </p>
      </Empty>
    );
  }
  const at = placeOf(steps, search.st);
  const step = steps[at] ?? 0;
  const keys = new Map(all.flat().map((one) => [`${one.kind} ${one.key}`, one]));
  return (
    <section className={styles.page} aria-label="Images">
      <div className={styles.bar}>
        <Steps
          steps={steps}
          at={at}
          onAt={(to) => change({ st: to >= steps.length - 1 ? undefined : String(steps[to]) })}
        />
        <label className={styles.quiet}>
          <input type="checkbox" checked={sharp} onChange={(event) => setSharp(event.target.checked)} /> Show
          pixels
        </label>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <section className={styles.scroll} aria-label="Images by key and run" tabIndex={0}>
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">
                <span className="sr-only">Key</span>
              </th>
              {runs.map((run, index) => (
                <th key={run.id} scope="col">
                  <i style={{ background: runStyle(index, theme).color }} />
                  <Link to="/runs/$runId/images" params={{ runId: run.id }} search={{}}>
                    {run.name || run.id}
                  </Link>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {[...keys].map(([id, { key, kind }]) => (
              <tr key={id}>
                <th scope="row">{key}</th>
                {runs.map((run, index) => (
                  <Shown
                    key={run.id}
                    run={run}
                    series={all[index]?.find((one) => one.kind === kind && one.key === key)}
                    step={step}
                    sharp={sharp}
                  />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </section>
  );
}

interface ShownProps {
  run: Run;
  series: MediaSeries | undefined;
  step: number;
  sharp: boolean;
}

function Shown({ run, series, step, sharp }: ShownProps) {
  const shot = series && shotAt(series, step);
  if (!series || !shot) return <td className={styles.quiet}>–</td>;
  return (
    <td>
      <Media
        key={shot.path}
        kind={series.kind}
        title={`${series.key} of ${run.name || run.id}`}
        shot={shot}
        url={runFiles(run.id).url(shot.path)}
        sharp={sharp}
      />
      {shot.step !== step && <small>step {shot.step}</small>}
    </td>
  );
}
