/** How all panels are drawn. */
import type { ReactNode } from "react";
import { Button } from "@/components/Button.tsx";
import { Choice } from "@/components/Choice.tsx";
import { Field } from "@/components/Field.tsx";
import { Segmented } from "@/components/Segmented.tsx";
import styles from "./Panels.module.css";
import { AXES, type Band, type ChartOptions } from "./types.ts";

interface ControlsProps {
  options: ChartOptions;
  onOptions: (part: Partial<ChartOptions>) => void;
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

export function Controls({ options, onOptions, search, onSearch, grouped, adder, onReset }: ControlsProps) {
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
