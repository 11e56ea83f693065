/** One metric of the runs shown: a chart, bars where it was logged once, or a table. */
import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useRef, useState } from "react";
import { type Series, sampled } from "@/api/metrics.ts";
import { IconButton } from "@/components/Button.tsx";
import { toCsv } from "@/lib/csv.ts";
import { formatNumber } from "@/lib/format.ts";
import { saveFile } from "@/lib/saveFile.ts";
import { Chart } from "./Chart.tsx";
import styles from "./Panel.module.css";
import { SeriesTable } from "./SeriesTable.tsx";
import { Single } from "./Single.tsx";
import type { ChartOptions, ShownRun } from "./types.ts";

interface PanelProps {
  metric: string;
  runs: ShownRun[];
  options: ChartOptions;
  height?: number;
  onZoom: (range: [number, number] | null) => void;
}

export function Panel({ metric, runs, options, height = 220, onZoom }: PanelProps) {
  const box = useRef<HTMLElement>(null);
  const near = useNear(box);
  const [asTable, setAsTable] = useState(false);
  const ids = useMemo(() => runs.map((run) => run.id), [runs]);
  const { axis, zoom } = options;
  const [once, setOnce] = useState(false);
  const { data, error, isPending } = useQuery({
    ...sampled({ runIds: ids, key: metric, axis, range: once ? null : zoom }),
    enabled: near,
  });
  const single =
    data !== undefined && (once || !zoom) && data.length > 0 && data.every((series) => series.count === 1);
  if (single !== once && !zoom && data) setOnce(single); // figures have nothing to zoom into
  return (
    <section ref={box} className={styles.panel} aria-label={metric}>
      <header>
        <h2 title={metric}>{metric}</h2>
        <span className={styles.tools}>
          <IconButton
            icon={asTable ? "chart" : "table"}
            label={asTable ? `Show ${metric} as a chart` : `Show ${metric} as a table`}
            onClick={() => setAsTable(!asTable)}
          />
          <IconButton
            icon="download"
            label={`Save ${metric} as CSV`}
            onClick={() => save(metric, data ?? [], runs)}
          />
        </span>
        {!single && <span className={styles.axis}>{axis}</span>}
      </header>
      <div style={{ height: single ? undefined : height }}>
        {error ? (
          <p role="alert">{error.message}</p>
        ) : runs.length === 0 ? (
          <div className={styles.wait} style={{ height }}>
            No run is shown.
          </div>
        ) : isPending || !near ? (
          <div className={styles.wait} style={{ height }} />
        ) : data?.every((series) => series.x.length === 0) ? (
          <div className={styles.wait} style={{ height }}>
            {zoom ? "No points in this range." : "None of these runs has it."}
          </div>
        ) : asTable ? (
          <SeriesTable series={data ?? []} runs={runs} axis={axis} height={height} />
        ) : single ? (
          <Single series={data} runs={runs} height={height} />
        ) : (
          <Chart
            label={summary(metric, data ?? [], runs)}
            series={data ?? []}
            runs={runs}
            options={options}
            height={height}
            sync={axis}
            onZoom={onZoom}
          />
        )}
      </div>
    </section>
  );
}

/** True once the element is, or has been, close to the visible part of the page. */
function useNear(box: { current: Element | null }): boolean {
  const [near, setNear] = useState(false);
  useEffect(() => {
    if (!box.current || near) return;
    const observer = new IntersectionObserver(([entry]) => entry?.isIntersecting && setNear(true), {
      rootMargin: "300px",
    });
    observer.observe(box.current);
    return () => observer.disconnect();
  }, [box, near]);
  return near;
}

/** The chart in a sentence, for those who do not see it. */
function summary(metric: string, series: readonly Series[], runs: readonly ShownRun[]): string {
  const drawn = series.filter((one) => one.x.length > 0);
  const names = new Map(runs.map((run) => [run.id, run.name]));
  const lows = drawn.flatMap((one) =>
    one.min.filter((value) => value !== null).map((value) => ({ value, run: one.run_id })),
  );
  const lowest = lows.reduce<(typeof lows)[number] | null>(
    (best, one) => (best && best.value <= one.value ? best : one),
    null,
  );
  const least = lowest ? `; lowest ${formatNumber(lowest.value)} in ${names.get(lowest.run) ?? ""}` : "";
  return `${metric}, ${drawn.length} of ${runs.length} runs${least}`;
}

function save(metric: string, series: readonly Series[], runs: readonly ShownRun[]): void {
  const names = new Map(runs.map((run) => [run.id, run.name]));
  const rows = series.flatMap((one) =>
    one.x.map((x, at) => [
      one.run_id,
      names.get(one.run_id) ?? "",
      x,
      one.last[at] ?? null,
      one.min[at] ?? null,
      one.max[at] ?? null,
    ]),
  );
  saveFile(
    `${metric.replace(/\W+/g, "_")}.csv`,
    toCsv([["run_id", "name", "x", "last", "min", "max"], ...rows]),
  );
}
