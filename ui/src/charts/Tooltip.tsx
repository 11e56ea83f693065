import type uPlot from "uplot";
import type { Axis } from "@/lib/axes.ts";
import { formatNumber } from "@/lib/format.ts";
import styles from "./Chart.module.css";
import { formatX, type Line, type Plot } from "./plot.ts";

export interface Hovered {
  x: number;
  left: number;
  top: number;
  /** Lines at the cursor, the nearest first. */
  near: { series: number; line: Line; value: number; distance: number }[];
}

const MOST = 8;

/** What is under the cursor; null outside of the plot. */
export function hoverAt(u: uPlot, plot: Plot): Hovered | null {
  const { idx, left = -1, top = -1 } = u.cursor;
  if (idx === null || idx === undefined || left < 0) return null;
  const near = plot.lines.flatMap((line, series) => {
    const value = line && valueNear(plot.data[series] ?? [], idx);
    if (!line || value === null || value === undefined) return [];
    return [{ series, line, value, distance: Math.abs(u.valToPos(value, "y") - Math.max(top, 0)) }];
  });
  if (!near.length) return null;
  near.sort((a, b) => a.distance - b.distance);
  return {
    x: plot.data[0][idx] as number,
    left: left + u.bbox.left / devicePixelRatio,
    top,
    near: near.slice(0, MOST),
  };
}

/** A line's value at a place of the shared axis, or at the closest one where it has a point. */
function valueNear(values: ArrayLike<number | null | undefined>, index: number): number | null {
  for (let away = 0; away < values.length; away += 1) {
    const value = values[index - away] ?? values[index + away];
    if (value !== null && value !== undefined) return value;
  }
  return null;
}

/** On the side of the cursor where there is more room. */
export const placeBeside = ({ left }: Hovered, width: number) =>
  left > width / 2 ? { right: width - left + 12 } : { left: left + 12 };

export function Tooltip({ hovered, axis, width }: { hovered: Hovered; axis: Axis; width: number }) {
  const { x, near } = hovered;
  const side = placeBeside(hovered, width);
  const titles = near[0]?.line.run.facts?.map(([title]) => title) ?? [];
  return (
    <div className={styles.tip} style={{ top: 8, ...side }} aria-hidden="true">
      <table>
        <thead>
          <tr>
            <th colSpan={2}>{formatX(axis, x)}</th>
            {titles.map((title) => (
              <th key={title}>{title}</th>
            ))}
            <th />
          </tr>
        </thead>
        <tbody>
          {near.map(({ series, line: { run, style, name }, value }) => (
            <tr key={series}>
              <td>
                <i style={{ background: style.color }} />
              </td>
              <td>{name}</td>
              {run.facts?.map(([title, text]) => (
                <td key={title}>{text}</td>
              ))}
              <td className="num">{formatNumber(value)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** The same in words. */
export const told = ({ x, near }: Hovered, axis: Axis): string => {
  const one = ({ line: { run, name }, value }: Hovered["near"][number]) =>
    [name, ...(run.facts ?? []).map((fact) => fact.join(" ")), formatNumber(value)].join(" ");
  return `At ${formatX(axis, x)}: ${near.map(one).join(", ")}`;
};
