/** What runs logged over steps, at the same step: keys by runs, or runs by keys. */
import { useQueries } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { runFiles } from "@/api/files.ts";
import { mediaOf } from "@/api/media.ts";
import type { RunRow } from "@/api/runRows.ts";
import wide from "@/components/WideTable.module.css";
import { runStyle } from "@/lib/colors.ts";
import { type MediaSeries, shotAt, stepsOf } from "@/lib/mediaSeries.ts";
import { useSlots } from "@/lib/ownColors.ts";
import { useTheme } from "@/lib/theme.ts";
import { Media } from "./Media.tsx";
import { MediaBar, SOME_KEYS, useZoom } from "./MediaBar.tsx";
import { MediaStack } from "./MediaStack.tsx";
import styles from "./MediaTable.module.css";
import { More } from "./More.tsx";
import { Segmented } from "./Segmented.tsx";
import { Empty, Failed, Skeleton } from "./State.tsx";
import { placeOf } from "./Steps.tsx";
import { useAddress } from "./useAddress.ts";

type Named = Pick<RunRow, "id" | "name">;

interface MediaTableProps {
  runs: readonly Named[];
  /** What stands in the columns. */
  columns: "runs" | "keys";
  /** The step in the URL; the last one where it has none. */
  step: string | undefined;
  onStep: (step: string | undefined) => void;
  /** Said where no run has any. */
  none: string;
}

export function MediaTable({ runs, columns, step: asked, onStep, none }: MediaTableProps) {
  const [{ px, lay, on, k = "" }, change] = useAddress();
  const { zoomed, props } = useZoom();
  const [sharp, stacked] = [px === "1", lay === "stack"];
  const [most, setMost] = useState(SOME_KEYS);
  const found = useQueries({ queries: runs.map(({ id }) => mediaOf(id)) });
  const slots = useSlots(runs.map(({ id }) => id));
  const failed = found.find((one) => one.error);
  if (failed?.error) return <Failed error={failed.error} retry={() => void failed.refetch()} />;
  if (found.some(({ isPending }) => isPending)) return <Skeleton rows={8} />;
  const all = found.map(({ data }) => data ?? []);
  const steps = stepsOf(all.flat());
  if (steps.length === 0) {
    return (
      <Empty title={none}>
        <p>
          They appear here after <code>mlflow.log_image(image, key="samples", step=step)</code>.
        </p>
      </Empty>
    );
  }
  const at = placeOf(steps, asked);
  const step = steps[at] ?? 0;
  const every = [...new Map(all.flat().map((one) => [idOf(one), one]))];
  const wanted = ({ key }: MediaSeries) => key.toLowerCase().includes(k.toLowerCase());
  const matching = every.filter(([, one]) => wanted(one));
  const keys = matching.slice(0, most);
  const ids = new Set(keys.map(([id]) => id));
  const withMedia = runs.flatMap((run, index) =>
    columns === "runs" || all[index]?.length ? [{ run, index, slot: slots.get(run.id) ?? index }] : [],
  );
  const cell = (run: Named, index: number, id: string) => (
    <Shown
      key={`${run.id} ${id}`}
      run={run}
      series={all[index]?.find((one) => idOf(one) === id)}
      step={step}
      {...{ sharp, zoomed }}
    />
  );
  const named = withMedia.map(({ run, slot }) => (
    <Head key={run.id} run={run} slot={slot} scope={columns === "runs" ? "col" : "row"} />
  ));
  return (
    <section className={styles.page} aria-label="Images" {...props}>
      <div className={styles.bar}>
        <MediaBar
          steps={steps}
          at={at}
          onAt={(to) => onStep(to >= steps.length - 1 ? undefined : String(steps[to]))}
          keys={every.length}
        >
          {withMedia.length > 1 && (
            <Segmented
              label="How pictures lie"
              value={stacked ? "stacked" : "beside"}
              options={[
                ["beside", "Side by side"],
                ["stacked", "In one place"],
              ]}
              onChange={(to) => change({ lay: to === "stacked" ? "stack" : undefined, on: undefined })}
            />
          )}
        </MediaBar>
      </div>
      {keys.length === 0 ? (
        <Empty title={`No key contains “${k}”`} />
      ) : stacked && withMedia.length > 1 ? (
        <MediaStack
          runs={withMedia}
          {...{ all: all.map((own) => own.filter((one) => ids.has(idOf(one)))), step, sharp, on }}
          onRun={(id) => change({ on: id })}
        />
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        <section className={wide.scroll} aria-label="Images by key and run" tabIndex={0}>
          <table className={`${wide.table} ${styles.table}`}>
            {columns === "runs" ? (
              <Table corner="Key" heads={named}>
                {keys.map(([id, { key }]) => (
                  <tr key={id}>
                    <th scope="row">{key}</th>
                    {withMedia.map(({ run, index }) => cell(run, index, id))}
                  </tr>
                ))}
              </Table>
            ) : (
              <Table
                corner="Run"
                heads={keys.map(([id, { key }]) => (
                  <th key={id} scope="col">
                    {key}
                  </th>
                ))}
              >
                {withMedia.map(({ run, index }, row) => (
                  <tr key={run.id}>
                    {named[row]}
                    {keys.map(([id]) => cell(run, index, id))}
                  </tr>
                ))}
              </Table>
            )}
          </table>
        </section>
      )}
      {matching.length > keys.length && (
        <div className={styles.bar}>
          <More
            shown={keys.length}
            all={matching.length}
            onMore={() => setMost(most + SOME_KEYS)}
            hint="the search finds keys."
          />
        </div>
      )}
    </section>
  );
}

const idOf = ({ kind, key }: MediaSeries): string => `${kind} ${key}`;

function Table({ corner, heads, children }: { corner: string; heads: ReactNode; children: ReactNode }) {
  return (
    <>
      <thead>
        <tr>
          <th scope="col">
            <span className="sr-only">{corner}</span>
          </th>
          {heads}
        </tr>
      </thead>
      <tbody>{children}</tbody>
    </>
  );
}

function Head({ run, slot, scope }: { run: Named; slot: number; scope: "col" | "row" }) {
  const theme = useTheme();
  return (
    <th scope={scope}>
      <i style={{ background: runStyle(slot, theme).color }} />
      <Link to="/runs/$runId/images" params={{ runId: run.id }} search={{}}>
        {run.name || run.id}
      </Link>
    </th>
  );
}

interface ShownProps {
  run: Named;
  series: MediaSeries | undefined;
  step: number;
  sharp: boolean;
  zoomed: boolean;
}

function Shown({ run, series, step, sharp, zoomed }: ShownProps) {
  const shot = series && shotAt(series, step);
  if (!series || !shot) return <td className={styles.quiet}>–</td>;
  return (
    <td>
      <Media
        key={shot.path}
        kind={series.kind}
        title={`${series.key} of ${run.name || run.id}`}
        shot={shot}
        files={runFiles(run.id)}
        {...{ sharp, zoomed }}
      />
      {shot.step !== step && <small>step {shot.step}</small>}
    </td>
  );
}
