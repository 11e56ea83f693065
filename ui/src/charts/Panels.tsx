/** Panels for many metrics: grouped by the part before a slash, searched by a regular expression. */
import { type ReactNode, useMemo } from "react";
import { Icon } from "@/components/Icon.tsx";
import { Empty } from "@/components/State.tsx";
import { Controls } from "./Controls.tsx";
import { FullScreen } from "./FullScreen.tsx";
import { groupMetrics, matching } from "./groups.ts";
import { formatOwn, parseOwn } from "./ownOptions.ts";
import { Panel } from "./Panel.tsx";
import styles from "./Panels.module.css";
import type { ChartOptions, OwnOptions, ReadSeries, ShownRun } from "./types.ts";

interface PanelsProps {
  metrics: readonly string[];
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
  /** Panels of other kinds, before the first section. */
  added?: ReactNode;
  /** A button that adds one. */
  adder?: ReactNode;
}

export function Panels(props: PanelsProps) {
  const {
    metrics,
    grouping = groupMetrics,
    runs,
    options,
    onOptions,
    search,
    onSearch,
    onFull,
    read,
  } = props;
  const told = (props.own ?? []).join("\0");
  const own = useMemo(() => parseOwn(told ? told.split("\0") : []), [told]);
  const change = (metric: string, part: OwnOptions) => {
    const all = formatOwn(new Map([...own, [metric, part]]));
    props.onOwn?.(all.length ? all : undefined);
  };
  const panel = (key: string, height?: number) => (
    <Panel
      key={key}
      metric={key}
      runs={runs}
      options={options}
      own={own.get(key)}
      onOwn={props.onOwn && ((part) => change(key, part))}
      read={read}
      height={height}
      onExpand={onFull && height === undefined ? () => onFull(key) : undefined}
      onZoom={(zoom) => onOptions({ zoom })}
    />
  );
  const groups = useMemo(() => grouping(matching(metrics, search)), [grouping, metrics, search]);
  return (
    <section className={styles.area} aria-label="Charts">
      <Controls
        options={options}
        onOptions={onOptions}
        search={search}
        onSearch={onSearch}
        grouped={read !== undefined}
        adder={props.adder}
      />
      {props.added}
      {groups.length === 0 && (
        <Empty title={search ? "No metric matches" : "No metrics yet"}>
          {!search && <p>Charts appear with the first call of mlflow.log_metric.</p>}
        </Empty>
      )}
      {groups.map(([name, keys]) => (
        <Section key={name} name={name} count={keys.length} alone={groups.length === 1 && !name}>
          {keys.map((key) => panel(key))}
        </Section>
      ))}
      {props.full && onFull && (
        <FullScreen
          keys={groups.flatMap(([, keys]) => keys)}
          shown={props.full}
          onShow={onFull}
          draw={panel}
        />
      )}
    </section>
  );
}

interface SectionProps {
  name: string;
  count: number;
  /** The only section needs no title. */
  alone: boolean;
  children: ReactNode;
}

function Section({ name, count, alone, children }: SectionProps) {
  const panels = <div className={styles.panels}>{children}</div>;
  if (alone) return <div className={styles.section}>{panels}</div>;
  return (
    <details className={styles.section} open={name !== "system"}>
      <summary>
        <Icon name="right" size={14} />
        {name || "Metrics"} <small className="num">{count}</small>
      </summary>
      {panels}
    </details>
  );
}
