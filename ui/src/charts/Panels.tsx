/** Panels for many metrics: grouped by the part before a slash, searched by a regular expression. */
import { type ReactNode, useMemo, useState } from "react";
import { Button } from "@/components/Button.tsx";
import { Empty } from "@/components/State.tsx";
import { Controls } from "./Controls.tsx";
import { FullScreen } from "./FullScreen.tsx";
import { groupMetrics, matching } from "./groups.ts";
import { formatOwn, parseOwn } from "./ownOptions.ts";
import { Panel } from "./Panel.tsx";
import styles from "./Panels.module.css";
import { Sections } from "./Sections.tsx";
import type { ChartOptions, OwnOptions, PanelMoves, ReadSeries, ShownRun } from "./types.ts";

interface PanelsProps {
  metrics: readonly string[];
  /** Metrics that the horizontal axis can be, where others than those are. */
  axes?: readonly string[];
  /** Sections with their metrics; by the part before the first slash where nothing else is said. */
  grouping?: (keys: readonly string[]) => [string, string[]][];
  runs: ShownRun[];
  options: ChartOptions;
  onOptions: (part: Partial<ChartOptions>) => void;
  search: string;
  onSearch: (text: string) => void;
  /** Where panels may differ: what each has of its own, as the URL tells it. */
  own?: readonly string[];
  onOwn?: (own: string[] | undefined) => void;
  /** The panel that fills the screen. */
  full?: string;
  onFull?: (metric: string | undefined) => void;
  read?: ReadSeries;
  /** Takes a run out of the charts, where the panels are of chosen ones. */
  onHide?: (id: string) => void;
  /** Panels of other kinds, before the first section. */
  added?: ReactNode;
  /** A button that adds one. */
  adder?: ReactNode;
  /** Sections as somebody arranged them, as the URL tells it; panels can be moved where they are kept. */
  sections?: readonly string[];
  onSections?: (sections: string[] | undefined) => void;
}

export function Panels(props: PanelsProps) {
  const {
    metrics,
    axes = metrics,
    grouping = groupMetrics,
    runs,
    options,
    onOptions,
    search,
    onSearch,
    onFull,
    read,
  } = props;
  const [naming, setNaming] = useState(false);
  const told = (props.own ?? []).join("\0");
  const own = useMemo(() => parseOwn(told ? told.split("\0") : []), [told]);
  const change = (metric: string, part: OwnOptions) => {
    const all = formatOwn(new Map([...own, [metric, part]]));
    props.onOwn?.(all.length ? all : undefined);
  };
  const panel = (key: string, height?: number, moves?: PanelMoves) => (
    <Panel
      key={key}
      metric={key}
      runs={runs}
      options={options}
      own={own.get(key)}
      onOwn={props.onOwn && ((part) => change(key, part))}
      read={read}
      axes={axes}
      height={height}
      moves={moves}
      onExpand={onFull && height === undefined ? () => onFull(key) : undefined}
      onZoom={(zoom) => onOptions({ zoom })}
      onHide={props.onHide}
    />
  );
  const found = useMemo(() => matching(metrics, search), [metrics, search]);
  const ranged = [...own].filter(([, { range }]) => range);
  const reset = () => {
    if (options.zoom) onOptions({ zoom: null });
    if (!ranged.length) return;
    const rest = formatOwn(new Map([...own].map(([key, { range, ...others }]) => [key, others])));
    props.onOwn?.(rest.length ? rest : undefined);
  };
  return (
    <section className={styles.area} aria-label="Charts">
      <Controls
        options={options}
        onOptions={onOptions}
        axes={axes}
        search={search}
        onSearch={onSearch}
        grouped={read !== undefined}
        onReset={options.zoom || ranged.length ? reset : undefined}
        adder={
          <>
            {props.onSections && (
              <Button icon="layers" compact onClick={() => setNaming(true)}>
                Section
              </Button>
            )}
            {props.adder}
          </>
        }
      />
      {props.added}
      {found.length === 0 && (
        <Empty title={search ? "No metric matches" : "No metrics yet"}>
          {!search && <p>Charts appear with the first call of mlflow.log_metric.</p>}
        </Empty>
      )}
      <Sections
        metrics={metrics}
        grouping={grouping}
        search={search}
        kept={props.sections}
        onKept={props.onSections}
        naming={naming}
        onNamed={() => setNaming(false)}
        draw={(key, moves) => panel(key, undefined, moves)}
      />
      {props.full && onFull && (
        <FullScreen
          keys={grouping(found).flatMap(([, keys]) => keys)}
          shown={props.full}
          onShow={onFull}
          draw={panel}
        />
      )}
    </section>
  );
}
