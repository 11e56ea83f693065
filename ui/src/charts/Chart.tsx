/** A canvas of lines by uPlot, with a tooltip; the nearest run stands out, in other charts too. */
import { type KeyboardEvent, type RefObject, useEffect, useMemo, useRef, useState } from "react";
import uPlot from "uplot";
import type { Series } from "@/api/metrics.ts";
import { emphasise } from "@/lib/emphasis.ts";
import { useTheme } from "@/lib/theme.ts";
import { useElementWidth } from "@/lib/useElementWidth.ts";
import styles from "./Chart.module.css";
import { HeldTooltip } from "./HeldTooltip.tsx";
import { Highlight } from "./Highlight.tsx";
import { moveCursor, placeAfter } from "./keyCursor.ts";
import { optionsOf, plotOf } from "./plot.ts";
import type { Shown } from "./savePanel.ts";
import { type Hovered, hoverAt, Tooltip, told } from "./Tooltip.tsx";
import type { PanelOptions, ShownRun } from "./types.ts";

interface ChartProps {
  label: string;
  series: Series[];
  runs: ShownRun[];
  options: PanelOptions;
  height: number;
  /** Charts with the same key share their cursor. */
  sync: string;
  onZoom: (range: [number, number] | null) => void;
  /** Where the chart is put while it is on screen. */
  shown?: RefObject<Shown | null>;
  /** Told of another vertical range, after dragging with Shift. */
  onRange?: (range: [number, number] | undefined) => void;
  /** Takes a run out of the charts. */
  onHide?: (id: string) => void;
}

const STILL = 4; // pixels; a pointer that goes further drags

export function Chart(props: ChartProps) {
  const { label, series, runs, options, height, sync, shown, onZoom, onRange, onHide } = props;
  const theme = useTheme();
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot | null>(null);
  const [hovered, setHovered] = useState<Hovered | null>(null);
  const [held, setHeld] = useState<Hovered | null>(null); // what somebody pressed on
  const pressed = useRef({ x: 0, y: 0 });
  const [inside, setInside] = useState(false);
  const mine = useRef(false); // whether the cursor, which charts share, is moved in this one
  const redraw = useRef(() => {});
  const [keyed, setKeyed] = useState(false); // what is under the cursor is then also said
  const width = useElementWidth(box);
  const plot = useMemo(() => plotOf(series, runs, options, theme), [series, runs, options, theme]);
  const latest = useRef({ plot, onZoom, onRange });
  latest.current = { plot, onZoom, onRange };
  const shape = JSON.stringify([plot.series, plot.bands, options, theme]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new chart only where lines, axes or colours differ
  useEffect(() => {
    if (!box.current || !width) return;
    const hooks: uPlot.Hooks.Arrays = {
      setCursor: [
        (u) => {
          const under = mine.current ? hoverAt(u, latest.current.plot) : null;
          setHovered(under);
          if (mine.current) emphasise(under?.near[0]?.line.run.id);
        },
      ],
      draw: [() => redraw.current()],
    };
    const made = new uPlot(
      optionsOf(latest.current.plot, {
        width,
        height,
        theme,
        options,
        sync,
        hooks,
        onZoom: (range) => latest.current.onZoom(range),
        onRange: onRange && ((range) => latest.current.onRange?.(range)),
      }),
      latest.current.plot.data,
      box.current,
    );
    chart.current = made;
    return () => {
      made.destroy();
      chart.current = null;
      setHovered(null);
      if (mine.current) emphasise(null);
    };
  }, [shape, height, sync, width > 0]);
  useEffect(() => chart.current?.setData(plot.data), [plot]);
  useEffect(() => {
    if (shown) shown.current = chart.current && { chart: chart.current, plot };
  });
  useEffect(() => chart.current?.setSize({ width, height }), [width, height]);
  const enter = (there: boolean) => {
    if (mine.current && !there) emphasise(null);
    mine.current = there;
    setInside(there);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const made = chart.current;
    if (!made || event.target !== event.currentTarget) return;
    if (event.key === "Enter" && hovered) {
      event.preventDefault(); // or what gets the focus is pressed, too
      return setHeld(hovered);
    }
    const place = placeAfter(event.key, made.cursor.idx ?? null, plot.data[0].length);
    if (place === null) return;
    event.preventDefault();
    enter(true);
    moveCursor(made, plot.lines, place);
    setKeyed(true);
  };
  const at = (x: number, y: number): Hovered | null => {
    const made = chart.current;
    if (!made) return null;
    const { left, top } = made.over.getBoundingClientRect();
    made.setCursor({ left: x - left, top: y - top });
    return hoverAt(made, plot);
  };
  return (
    <div className={styles.frame}>
      <div
        ref={box}
        className={styles.chart}
        style={{ height }}
        role="img"
        aria-label={label}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys go along its steps
        tabIndex={0}
        onKeyDown={onKeyDown}
        onBlur={() => {
          enter(false);
          setKeyed(false);
          chart.current?.setCursor({ left: -10, top: -10 });
        }}
        onPointerMove={() => enter(true)}
        onPointerLeave={() => enter(false)}
        onPointerDown={({ clientX: x, clientY: y }) => {
          pressed.current = { x, y };
        }}
        onClick={({ clientX, clientY }) => {
          const away = Math.hypot(clientX - pressed.current.x, clientY - pressed.current.y);
          if (away < STILL) setHeld(held ? null : at(clientX, clientY));
        }}
      >
        <Highlight chart={chart} own={hovered?.near[0]?.series} {...{ plot, width, height, redraw }} />
        {hovered && inside && !held && <Tooltip hovered={hovered} axis={options.axis} width={width} />}
      </div>
      <span className="sr-only" role="status">
        {keyed && hovered && told(hovered, options.axis)}
      </span>
      {held && (
        <HeldTooltip
          hovered={held}
          axis={options.axis}
          width={width}
          onHide={onHide}
          onClose={() => {
            setHeld(null);
            box.current?.focus();
          }}
        />
      )}
    </div>
  );
}
