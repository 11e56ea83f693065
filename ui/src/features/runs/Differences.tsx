import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { runById } from "@/api/runs.ts";
import { matrixOf } from "@/api/sweeps.ts";
import { signed, svgOfBars } from "@/charts/boxShapes.ts";
import { useFaint } from "@/charts/emphasised.ts";
import type { ShownRun } from "@/charts/types.ts";
import { runStyle } from "@/lib/colors.ts";
import { parseColumn } from "@/lib/columns.ts";
import { emphasisOf } from "@/lib/emphasis.ts";
import { formatNumber } from "@/lib/format.ts";
import { useTheme } from "@/lib/theme.ts";
import { AddedFrame, type Saved } from "./AddedFrame.tsx";
import styles from "./AddedPanels.module.css";
import type { RunsView } from "./useRunsView.ts";

interface DifferencesProps {
  view: RunsView;
  runs: readonly ShownRun[];
  metric: string;
  title: string;
  onRemove: () => void;
}

/** A bar a run, to the left or to the right of the baseline; the first run shown where no baseline is set. */
export function Differences({ view, runs, metric, title, onRemove }: DifferencesProps) {
  const theme = useTheme();
  const faint = useFaint(runs);
  const baseId = view.search.b ?? runs[0]?.id ?? "";
  const shown = runs.find(({ id }) => id === baseId);
  const away = useQuery({ ...runById(baseId), enabled: baseId !== "" && !shown }).data;
  const ids = [...new Set([baseId, ...runs.map(({ id }) => id)])].filter(Boolean);
  const filter = `run_id IN (${ids.map((id) => `'${id}'`).join(", ")})`;
  const { data: matrix, error } = useQuery({
    ...matrixOf({ ...view.flat, filter }, [metric]),
    enabled: ids.length > 1,
  });
  const framed = (children: ReactNode, saved?: Saved) => (
    <AddedFrame {...{ title, onRemove, saved }}>{children}</AddedFrame>
  );
  if (error) return framed(<p role="alert">{error.message}</p>);
  if (ids.length < 2) return framed(<p className={styles.note}>Show at least two runs.</p>);
  if (!matrix) return framed(<div className={styles.wait} />);
  const values = new Map(matrix.ids.map((id, row) => [id, matrix.values[0]?.[row]]));
  const base = values.get(baseId);
  const name = shown?.name ?? away?.name ?? "the baseline";
  if (typeof base !== "number") return framed(<p className={styles.note}>{name} has no such value.</p>);
  const rows = runs
    .flatMap((run) => {
      const value = values.get(run.id);
      const { color } = runStyle(run.slot, theme);
      return typeof value === "number" && run.id !== baseId ? [{ run, value, by: value - base, color }] : [];
    })
    .sort((a, b) => a.by - b.by);
  const most = Math.max(...rows.map(({ by }) => Math.abs(by)), Number.MIN_VALUE);
  const column = parseColumn(metric);
  const smaller = view.smaller(column?.key ?? metric);
  const saved: Saved = {
    svg: (ink) =>
      svgOfBars(
        title,
        rows.map(({ run, by, color }) => ({ name: run.name, by, color })),
        ink,
      ),
    rows: [
      ["run_id", "name", "value", "difference"],
      ...rows.map(({ run, value, by }) => [run.id, run.name, value, by]),
    ],
  };
  return framed(
    <>
      <p className={styles.note}>
        From <b>{name}</b>, {formatNumber(base)}. {smaller ? "Left" : "Right"} is better.
      </p>
      <ul className={styles.differences}>
        {rows.map(({ run, value, by, color }) => (
          <li
            key={run.id}
            title={`${run.name}: ${formatNumber(value)}`}
            data-faint={faint(run.id)}
            {...emphasisOf(run.id)}
          >
            <span className="cut">{run.name}</span>
            <i>
              <b
                style={{
                  [by < 0 ? "right" : "left"]: "50%",
                  width: `${(Math.abs(by) / most) * 50}%`,
                  background: color,
                }}
              />
            </i>
            <small className="num" data-better={by === 0 ? undefined : by < 0 === smaller}>
              {signed(by)}
            </small>
          </li>
        ))}
      </ul>
    </>,
    saved,
  );
}
