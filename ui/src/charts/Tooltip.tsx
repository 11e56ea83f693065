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
  const across = (index: number) => u.valToPos(plot.data[0][index] as number, "x");
  const near = plot.lines.flatMap((line, series) => {
    const place = line && pointNear(plot.data[series] ?? [], idx);
    if (!line || !place) return [];
    const at = (index: number) =>
      [across(index), u.valToPos(plot.data[series]?.[index] as number, "y")] as const;
    const distance = distanceTo(place, at, across(idx), Math.max(top, 0));
    return [{ series, line, value: plot.data[series]?.[place.nearest] as number, distance }];
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

/** Where a line has points next to a place of the shared axis; `before` and `after` are it where it has one there. */
interface PointNear {
  nearest: number;
  before: number | null;
  after: number | null;
}

export function pointNear(values: ArrayLike<number | null | undefined>, index: number): PointNear | null {
  let [before, after] = [index, index];
  while (before >= 0 && (values[before] ?? null) === null) before -= 1;
  while (after < values.length && (values[after] ?? null) === null) after += 1;
  const [left, right] = [before < 0 ? null : before, after < values.length ? after : null];
  if (left === null && right === null) return null;
  const nearest = left === null || (right !== null && right - index < index - left) ? right : left;
  return { nearest: nearest as number, before: left, after: right };
}

/** How far a line is from a point, in pixels: straight up or down where it passes, else to its end. */
export function distanceTo(
  { before, after, nearest }: PointNear,
  at: (index: number) => readonly [x: number, y: number],
  x: number,
  y: number,
): number {
  if (before === null || after === null) {
    const [endX, endY] = at(nearest);
    return Math.hypot(endX - x, endY - y);
  }
  const [[x0, y0], [x1, y1]] = [at(before), at(after)];
  return Math.abs((x1 === x0 ? y0 : y0 + ((y1 - y0) * (x - x0)) / (x1 - x0)) - y);
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
