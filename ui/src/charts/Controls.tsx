/** How all panels are drawn. */
import type { ReactNode } from "react";
import { Button } from "@/components/Button.tsx";
import { ButtonPopover } from "@/components/ButtonPopover.tsx";
import { Choice } from "@/components/Choice.tsx";
import { Field } from "@/components/Field.tsx";
import { PickList } from "@/components/PickList.tsx";
import { Segmented } from "@/components/Segmented.tsx";
import { AXES, axisOf, metricOf } from "@/lib/axes.ts";
import styles from "./Panels.module.css";
import type { Band, ChartOptions } from "./types.ts";

interface ControlsProps {
  options: ChartOptions;
  onOptions: (part: Partial<ChartOptions>) => void;
  /** Metrics that the horizontal axis can be. */
  axes: readonly string[];
  search: string;
  onSearch: (text: string) => void;
  /** Whether the lines are means of groups. */
  grouped: boolean;
  adder?: ReactNode;
  /** Takes back what is zoomed; absent where nothing is. */
  onReset?: () => void;
}

const BANDS: readonly (readonly [Band, string])[] = [
  ["spread", "± std"],
  ["range", "Min–max"],
  ["none", "No band"],
];
const OWN_BANDS = BANDS.filter(([band]) => band !== "range").map(
  ([band, name]) => [band, band === "spread" ? "Min–max" : name] as const,
);

export function Controls(props: ControlsProps) {
  const { options, onOptions, axes, search, onSearch, grouped, adder, onReset } = props;
  const { axis, smoothing, logScale, band } = options;
  const shown = grouped || band !== "range" ? band : "spread";
  return (
    <div className={styles.controls}>
      <Segmented
        label="Horizontal axis"
        value={axis}
        options={AXES}
        onChange={(value) => onOptions({ axis: value })}
      />
      {axes.length > 0 && <MetricAxis {...{ axes, axis, onOptions }} />}
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
      <Choice
        label="Band behind the lines"
        place="hidden"
        value={shown}
        options={grouped ? BANDS : OWN_BANDS}
        onChange={(band) => onOptions({ band: band as Band })}
      />
      {onReset && (
        <Button icon="restore" onClick={onReset}>
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
      {adder}
    </div>
  );
}

type MetricAxisProps = Pick<ControlsProps, "axes" | "onOptions"> & Pick<ChartOptions, "axis">;

/** Another metric as the horizontal axis. */
function MetricAxis({ axes, axis, onOptions }: MetricAxisProps) {
  const metric = metricOf(axis);
  return (
    <ButtonPopover
      icon="chart"
      text={<span className={styles.metric}>{metric === null ? "Over a metric" : `Over ${metric}`}</span>}
      label="A metric as the horizontal axis"
      pressed={metric !== null}
      compact={metric === null}
    >
      {(close) => (
        <PickList
          label="Find a metric"
          options={axes}
          chosen={metric === null ? [] : [metric]}
          onPick={(other) => {
            onOptions({ axis: axisOf(other) });
            close();
          }}
        />
      )}
    </ButtonPopover>
  );
}
