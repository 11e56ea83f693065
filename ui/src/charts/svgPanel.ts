/** A panel as an SVG text: what the canvas shows, in lines that scale and words that can be searched. */
import type uPlot from "uplot";
import { pieces } from "@/lib/series.ts";
import type { Plot } from "./plot.ts";
import { framed, type Ink, n, words } from "./svgFrame.ts";

interface Tick {
  /** Pixels from the left or from the top. */
  at: number;
  text: string;
}

/** How a chart lies on its canvas, in pixels of the page. */
export interface Drawn {
  width: number;
  height: number;
  box: { left: number; top: number; width: number; height: number };
  across: (x: number) => number;
  down: (y: number) => number;
  ticks: { x: Tick[]; y: Tick[] };
}

type Axis = uPlot.Axis & { _splits?: (number | null)[]; _values?: (string | number | null)[] };

/** Where everything is; uPlot keeps the ticks it drew on its axes without saying so in its types. */
export function drawnBy(chart: uPlot): Drawn {
  const ratio = window.devicePixelRatio;
  const { left, top, width, height } = chart.bbox;
  const placed = (scale: "x" | "y") => (value: number) => chart.valToPos(value, scale, true) / ratio;
  const ticks = (axis: Axis | undefined, place: (value: number) => number): Tick[] =>
    (axis?._splits ?? []).flatMap((value, at) => {
      const text = axis?._values?.[at];
      return value === null || text === null || text === undefined || text === ""
        ? []
        : [{ at: place(value), text: String(text) }];
    });
  return {
    width: chart.width,
    height: chart.height,
    box: { left: left / ratio, top: top / ratio, width: width / ratio, height: height / ratio },
    across: placed("x"),
    down: placed("y"),
    ticks: { x: ticks(chart.axes[0], placed("x")), y: ticks(chart.axes[1], placed("y")) },
  };
}

const LINE = 18;

export function svgOf(
  title: string,
  plot: Plot,
  drawn: Drawn,
  legend: readonly { name: string; color: string }[],
  ink: Ink,
): string {
  const { width, box } = drawn;
  const names = legend.map(({ name, color }, at) => {
    const y = drawn.height + 12 + at * LINE;
    return `<rect x="14" y="${y - 8}" width="9" height="9" fill="${color}"/>${words(30, y, name, ink.quiet)}`;
  });
  const body = [
    `<clipPath id="plot"><rect x="${n(box.left)}" y="${n(box.top)}" width="${n(box.width)}" height="${n(box.height)}"/></clipPath>`,
    ...axes(drawn, ink),
    '<g clip-path="url(#plot)" fill="none" stroke-linejoin="round">',
    ...plot.marks.map(({ x }) => mark(drawn, x, ink)),
    ...plot.bands.map((band) => area(plot, drawn, band)),
    ...plot.series.map((_, at) => line(plot, drawn, at)),
    "</g>",
    ...names,
  ];
  return framed(title, width, drawn.height + legend.length * LINE + 8, body, ink);
}

const mark = ({ box, across }: Drawn, x: number, ink: Ink): string =>
  `<path d="M${n(across(x))} ${n(box.top)}V${n(box.top + box.height)}" stroke="${ink.quiet}" stroke-dasharray="3 3"/>`;

function axes({ box, ticks }: Drawn, ink: Ink): string[] {
  const [right, bottom] = [box.left + box.width, box.top + box.height];
  return [
    ...ticks.x.map(
      ({ at, text }) =>
        `<path d="M${n(at)} ${n(box.top)}V${n(bottom)}" stroke="${ink.grid}"/>` +
        words(at, bottom + 18, text, ink.quiet, 'font-size="11" text-anchor="middle"'),
    ),
    ...ticks.y.map(
      ({ at, text }) =>
        `<path d="M${n(box.left)} ${n(at)}H${n(right)}" stroke="${ink.grid}"/>` +
        words(box.left - 6, at + 4, text, ink.quiet, 'font-size="11" text-anchor="end"'),
    ),
  ];
}

function line(plot: Plot, drawn: Drawn, at: number): string {
  const look = plot.series[at];
  const { stroke, width = 1, dash = [], points } = look ?? {};
  if (at === 0 || typeof stroke !== "string" || stroke === "transparent") return "";
  const dot = ([x, y]: Place) => `<circle cx="${n(x)}" cy="${n(y)}" r="3" fill="${stroke}"/>`;
  if (points?.show === true) return placesOf(plot, drawn, at).map(dot).join("");
  const parts = pieces(plot.data[at] ?? []).map((piece) => placesOf(plot, drawn, at, piece));
  const dashes = dash.length ? ` stroke-dasharray="${dash.join(" ")}"` : "";
  const alone = points?.filter ? parts.filter(({ length }) => length === 1).flat() : [];
  return (
    `<path d="${parts.map(path).join("")}" stroke="${stroke}" stroke-width="${width}"${dashes}/>` +
    alone.map(dot).join("")
  );
}

function area(plot: Plot, drawn: Drawn, { series: [upper, lower], fill }: uPlot.Band): string {
  const around = [...placesOf(plot, drawn, upper), ...placesOf(plot, drawn, lower).reverse()];
  return around.length
    ? `<path d="${path(around)}Z" fill="${typeof fill === "string" ? fill : "none"}"/>`
    : "";
}

type Place = [number, number];

/** Where a line's points are, those of a piece of it or all. */
function placesOf({ data }: Plot, { across, down }: Drawn, at: number, piece?: readonly number[]): Place[] {
  const values = data[at] ?? [];
  return [...(piece ?? data[0].keys())].flatMap((index): Place[] => {
    const y = values[index];
    if (y === null || y === undefined || !Number.isFinite(y)) return [];
    return [[across(data[0][index] as number), down(y)]];
  });
}

const path = (places: readonly Place[]): string =>
  places.map(([x, y], at) => `${at ? "L" : "M"}${n(x)} ${n(y)}`).join("");
