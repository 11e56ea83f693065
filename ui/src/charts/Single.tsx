import type { Series } from "@/api/metrics.ts";
import { runStyle } from "@/lib/colors.ts";
import { emphasisOf } from "@/lib/emphasis.ts";
import { formatNumber, isFigure } from "@/lib/format.ts";
import { useTheme } from "@/lib/theme.ts";
import { useFaint } from "./emphasised.ts";
import styles from "./Panel.module.css";
import type { ShownRun } from "./types.ts";

const ROW = 22; // pixels from one bar to the next

interface SingleProps {
  series: readonly Series[];
  runs: readonly ShownRun[];
  height: number;
}

/** A metric that was logged once: the figure, or bars to compare runs. */
export function Single({ series, runs, height }: SingleProps) {
  const theme = useTheme();
  const values = new Map(series.map((one) => [one.run_id, one.last[0] ?? null]));
  const present = runs.filter((run) => values.get(run.id) !== null && values.has(run.id));
  const faint = useFaint(present);
  const first = present[0];
  if (first && present.length === 1 && runs.length === 1) {
    return (
      <div className={styles.tile}>
        <span className={`${styles.one} num`}>{formatNumber(values.get(first.id) as number)}</span>
        <span className={styles.axis}>logged once</span>
      </div>
    );
  }
  const figures = present.map((run) => values.get(run.id) as number).filter(isFigure);
  const [least, most] = [Math.min(0, ...figures), Math.max(0, ...figures)];
  const part = (value: number) => `${(isFigure(value) ? value / (most - least || 1) : 0) * 100}%`;
  const shown = Math.floor(height / ROW) * ROW - ROW / 2; // half a row tells that there are more
  return (
    <ul
      className={styles.single}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      style={{
        maxHeight: present.length * ROW > height ? shown : height,
        minHeight: Math.min(height, 120),
      }}
    >
      {present.map((run) => {
        const value = values.get(run.id) as number;
        return (
          <li key={run.id} className={styles.bar} data-faint={faint(run.id)} {...emphasisOf(run.id)}>
            <span className="cut" title={run.name}>
              {run.name}
            </span>
            <i
              style={{
                marginLeft: part(Math.min(0, value) - least),
                width: part(Math.abs(value)),
                background: runStyle(run.slot, theme).color,
              }}
            />
            <b className="num">{formatNumber(value)}</b>
          </li>
        );
      })}
    </ul>
  );
}
