/** Panels for many metrics: grouped by the part before a slash, searched by a regular expression. */
import { type ReactNode, useMemo } from "react";
import { Button } from "@/components/Button.tsx";
import { Field } from "@/components/Field.tsx";
import { Icon } from "@/components/Icon.tsx";
import { Segmented } from "@/components/Segmented.tsx";
import { Empty } from "@/components/State.tsx";
import { groupMetrics, matching } from "./groups.ts";
import { Panel } from "./Panel.tsx";
import styles from "./Panels.module.css";
import { AXES, type ChartOptions, type ShownRun } from "./types.ts";

interface PanelsProps {
  metrics: readonly string[];
  /** Sections with their metrics; by the part before the first slash where nothing else is said. */
  grouping?: (keys: readonly string[]) => [string, string[]][];
  runs: ShownRun[];
  options: ChartOptions;
  onOptions: (part: Partial<ChartOptions>) => void;
  search: string;
  onSearch: (text: string) => void;
}

export function Panels({
  metrics,
  grouping = groupMetrics,
  runs,
  options,
  onOptions,
  search,
  onSearch,
}: PanelsProps) {
  const groups = useMemo(() => grouping(matching(metrics, search)), [grouping, metrics, search]);
  return (
    <section className={styles.area} aria-label="Charts">
      <Controls options={options} onOptions={onOptions} search={search} onSearch={onSearch} />
      {groups.length === 0 && (
        <Empty title={search ? "No metric matches" : "No metrics yet"}>
          {!search && <p>Charts appear with the first call of mlflow.log_metric.</p>}
        </Empty>
      )}
      {groups.map(([name, keys]) => (
        <Section key={name} name={name} count={keys.length} alone={groups.length === 1 && !name}>
          {keys.map((key) => (
            <Panel
              key={key}
              metric={key}
              runs={runs}
              options={options}
              onZoom={(zoom) => onOptions({ zoom })}
            />
          ))}
        </Section>
      ))}
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

type ControlsProps = Omit<PanelsProps, "metrics" | "runs" | "grouping">;

function Controls({ options, onOptions, search, onSearch }: ControlsProps) {
  const { axis, smoothing, logScale } = options;
  return (
    <div className={styles.controls}>
      <Segmented
        label="Horizontal axis"
        value={axis}
        options={AXES}
        onChange={(value) => onOptions({ axis: value })}
      />
      <label>
        Smoothing
        <input
          type="range"
          min={0}
          max={0.99}
          step={0.01}
          value={smoothing}
          onChange={(event) => onOptions({ smoothing: Number(event.target.value) })}
        />
        <span className={`${styles.value} num`}>{smoothing.toFixed(2)}</span>
      </label>
      <label>
        <input
          type="checkbox"
          checked={logScale}
          onChange={(event) => onOptions({ logScale: event.target.checked })}
        />
        Log scale
      </label>
      {options.zoom && (
        <Button icon="restore" onClick={() => onOptions({ zoom: null })}>
          Reset zoom
        </Button>
      )}
      <div className={styles.search}>
        <Field
          label="Find metrics (regular expression)"
          icon="search"
          placeholder="Find metrics"
          value={search}
          onChange={(event) => onSearch(event.target.value)}
        />
      </div>
    </div>
  );
}
