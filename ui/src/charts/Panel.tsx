/** One metric of the runs shown: a chart, bars where it was logged once, or a table. */
import { useMemo, useRef, useState } from "react";
import { type Series, sampled } from "@/api/metrics.ts";
import { IconButton } from "@/components/Button.tsx";
import { axisTitle } from "@/lib/axes.ts";
import { copyText } from "@/lib/copy.ts";
import { formatNumber, isFigure } from "@/lib/format.ts";
import { parseSearch, stringifySearch } from "@/lib/urlCodec.ts";
import { Chart } from "./Chart.tsx";
import { merged } from "./ownOptions.ts";
import styles from "./Panel.module.css";
import { PanelMenu } from "./PanelMenu.tsx";
import { DRAGGED } from "./PanelSection.tsx";
import { SeriesTable } from "./SeriesTable.tsx";
import { Single } from "./Single.tsx";
import { type Shown, saveCsv, savePng, saveSvg } from "./savePanel.ts";
import type { ChartOptions, OwnOptions, PanelMoves, ReadSeries, ShownRun } from "./types.ts";
import { useNear } from "./useNear.ts";
import { usePanelSeries } from "./usePanelSeries.ts";

interface PanelProps {
  metric: string;
  runs: ShownRun[];
  options: ChartOptions;
  own?: OwnOptions;
  onOwn?: (own: OwnOptions) => void;
  /** Reads what is drawn; the runs' own points where nothing else is said. */
  read?: ReadSeries;
  /** Metrics that the horizontal axis can be. */
  axes: readonly string[];
  /** Opens the panel over the whole screen. */
  onExpand?: () => void;
  height?: number;
  /** The sections that it can be moved to; the panel is then dragged by its head. */
  moves?: PanelMoves;
  onZoom: (range: [number, number] | null) => void;
  /** Takes a run out of the charts. */
  onHide?: (id: string) => void;
}

const NONE: OwnOptions = {};

export function Panel(props: PanelProps) {
  const {
    metric,
    runs,
    own = NONE,
    onOwn,
    onExpand,
    height = 220,
    onZoom,
    read = sampled as ReadSeries,
  } = props;
  const options = useMemo(() => merged(props.options, own), [props.options, own]);
  const box = useRef<HTMLElement>(null);
  const near = useNear(box);
  const [unkept, setUnkept] = useState(false); // where nobody keeps it
  const asTable = onOwn ? own.asTable === true : unkept;
  const setAsTable = (on: boolean) => (onOwn ? onOwn({ ...own, asTable: on }) : setUnkept(on));
  const shown = useRef<Shown>(null);
  const ids = useMemo(() => runs.map((run) => run.id), [runs]);
  const { axis, zoom } = options;
  const [once, setOnce] = useState(false);
  const keys = [metric, ...(own.also ?? [])];
  const title = keys.join(", ");
  const { data, error, isPending } = usePanelSeries({
    read,
    runIds: ids,
    keys,
    axis,
    range: once ? null : zoom,
    enabled: near && ids.length > 0,
  });
  const single =
    keys.length === 1 &&
    data !== undefined &&
    (once || !zoom) &&
    data.length > 0 &&
    data.every((series) => series.count === 1);
  if (single !== once && !zoom && data) setOnce(single); // figures have nothing to zoom into
  const none = data?.every((series) => series.x.length === 0) ?? false;
  const blank = data !== undefined && !none && !single && !data.some(hasFigures);
  const nowhere = (none || blank) && !zoom && props.height === undefined;
  return (
    <section ref={box} className={styles.panel} aria-label={props.height ? `${metric}, large` : metric}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the panel's menu moves it too */}
      <header
        draggable={props.moves !== undefined}
        onDragStart={(event) => event.dataTransfer.setData(DRAGGED, metric)}
      >
        <h2 className="cut" title={title}>
          {title}
        </h2>
        <span className={styles.tools}>
          <IconButton
            icon={asTable ? "chart" : "table"}
            label={asTable ? `Show ${metric} as a chart` : `Show ${metric} as a table`}
            onClick={() => setAsTable(!asTable)}
          />
          {onExpand && <IconButton icon="expand" label={`Show ${metric} large`} onClick={onExpand} />}
          {onOwn && (
            <PanelMenu
              metric={metric}
              options={options}
              own={own}
              onOwn={onOwn}
              axes={props.axes}
              moves={props.moves}
              onZoom={onZoom}
              onLink={onExpand && (() => copyText(linkTo(metric), "Link"))}
              onCsv={() => saveCsv(title, data ?? [], runs)}
              pictures={
                asTable || single
                  ? undefined
                  : {
                      onPng: () => shown.current && savePng(title, shown.current),
                      onSvg: () => shown.current && saveSvg(title, shown.current),
                    }
              }
            />
          )}
        </span>
        {!single && (
          <span className={styles.axis}>{options.logX ? `log ${axisTitle(axis)}` : axisTitle(axis)}</span>
        )}
      </header>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the button in the head does the same */}
      <div
        style={{ height: single || (nowhere && !asTable) ? undefined : height }}
        onKeyDown={(event) => {
          if (event.key !== "t" || !(event.target instanceof HTMLElement)) return;
          if (!event.target.matches("[role=img]")) return;
          setAsTable(true);
          box.current?.querySelector<HTMLElement>("header button")?.focus();
        }}
      >
        {error ? (
          <p role="alert">{error.message}</p>
        ) : runs.length === 0 ? (
          <div className={styles.wait} style={{ height }}>
            No run is shown.
          </div>
        ) : isPending || !near ? (
          <div className={styles.wait} style={{ height }} data-reading={near} />
        ) : none ? (
          <div className={styles.wait} style={{ height: nowhere ? 32 : height }}>
            {zoom ? "No points in this range." : "None of these runs has it."}
          </div>
        ) : asTable ? (
          <SeriesTable series={data ?? []} runs={runs} axis={axis} height={height} />
        ) : blank ? (
          <div className={styles.wait} style={{ height: nowhere ? 32 : height }}>
            Only NaN and infinite values.
          </div>
        ) : single ? (
          <Single series={data} runs={runs} height={height} />
        ) : (
          <Chart
            label={summary(title, data ?? [], runs)}
            series={data ?? []}
            runs={runs}
            options={options}
            height={height}
            sync={axis}
            shown={shown}
            onZoom={onZoom}
            onHide={props.onHide}
            onRange={onOwn && ((range) => (range || own.range) && onOwn({ ...own, range }))}
          />
        )}
      </div>
    </section>
  );
}

const hasFigures = ({ mean }: Series): boolean => mean.some((value) => value !== null && isFigure(value));

/** The address of what is on screen, with a panel over all of it. */
function linkTo(metric: string): string {
  const [page, query = ""] = window.location.hash.split(/\?(.*)/s) as [string, string?];
  const here = window.location.href.slice(0, -window.location.hash.length);
  return here + page + stringifySearch({ ...parseSearch(query), full: metric });
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
  const there = new Set(drawn.map((one) => one.run_id)).size;
  return `${metric}, ${there} of ${runs.length} runs${least}`;
}
