/**
 * Pictures, sound and film logged over steps, told from their names:
 * `images/<key>+step+<n>+timestamp+<ms>+<id>.png`, and `media/<kind>/<key>/step-<n>+<ms>+<id>.wav`.
 */
import { byName } from "./byName.ts";

export type MediaKind = "image" | "audio" | "video";

export interface Shot {
  path: string;
  /** The same picture at most 256 pixels wide and high, which whoever logs it puts beside it. */
  small?: string;
  step: number;
  time: number;
}

export interface MediaSeries {
  key: string;
  kind: MediaKind;
  shots: Shot[];
}

const IMAGE = /^images\/(.+?)[+%]step[+%](-?\d+)[+%]timestamp[+%](\d+)[+%]([^/]+?)\.(\w+)$/;
const SMALL = /[+%]compressed\.\w+$/;
const ENDING = /\.\w+$/;
const MEDIA = /^media\/(audio|video)\/([^/]+)\/step-(-?\d+)\+(\d+)\+[0-9a-f]+\.\w+$/;

/** Series by kind and key, shots by step; of several at one step and time the later name. */
export function mediaSeries(paths: readonly string[]): MediaSeries[] {
  const found = new Map<string, { key: string; kind: MediaKind; shots: Map<number, Shot> }>();
  const smalls = new Map(
    paths.flatMap((path) => (SMALL.test(path) ? [[path.replace(SMALL, ""), path]] : [])),
  );
  for (const path of [...paths].sort()) {
    const named = nameOf(path);
    if (!named) continue;
    const { kind, step, time } = named;
    const key = written(named.key);
    const series = found.get(`${kind} ${key}`) ?? { key, kind, shots: new Map<number, Shot>() };
    const before = series.shots.get(step);
    if (!before || before.time <= time)
      series.shots.set(step, { path, small: smalls.get(path.replace(ENDING, "")), step, time });
    found.set(`${kind} ${key}`, series);
  }
  return [...found.values()]
    .map(({ shots, ...rest }) => ({ ...rest, shots: [...shots.values()].sort((a, b) => a.step - b.step) }))
    .sort((a, b) => byName(a.key, b.key));
}

/** Of the files of pictures over steps: the series' key, and what tells a file from the others of the series. */
export function placeInSeries(path: string): { key: string; step: number; label: string } | null {
  const [, key, step, , id = ""] = IMAGE.exec(path) ?? [];
  if (!key) return null;
  const small = id.endsWith("compressed") ? ", small" : "";
  return { key: written(key), step: Number(step), label: `step ${step}${small}` };
}

const written = (key: string): string => key.replaceAll("~", "/").replaceAll("#", "/");

function nameOf(path: string): { key: string; kind: MediaKind; step: number; time: number } | null {
  const [, image = "", step, time, id = ""] = IMAGE.exec(path) ?? [];
  if (image && !id.endsWith("compressed")) {
    return { key: image, kind: "image", step: Number(step), time: Number(time) };
  }
  const [, kind, key = "", at, moment] = MEDIA.exec(path) ?? [];
  return key ? { key, kind: kind as MediaKind, step: Number(at), time: Number(moment) } : null;
}

/** Every step that some series has. */
export const stepsOf = (series: readonly MediaSeries[]): number[] =>
  [...new Set(series.flatMap(({ shots }) => shots.map(({ step }) => step)))].sort((a, b) => a - b);

/** The shot at a step, or the last one before it; the first where there is none before. */
export function shotAt({ shots }: MediaSeries, step: number): Shot | null {
  return shots.findLast((shot) => shot.step <= step) ?? shots[0] ?? null;
}
