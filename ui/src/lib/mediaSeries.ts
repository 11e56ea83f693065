/** Pictures, sound and film logged over steps. */

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

const IMAGE = /^images\/(.+?)[+%]step[+%](-?\d+)[+%]timestamp[+%]\d+[+%]([^/]+?)\.\w+$/;

/** Of the files of pictures over steps: the series' key, and what tells a file from the others of the series. */
export function placeInSeries(path: string): { key: string; step: number; label: string } | null {
  const [, key, step, id = ""] = IMAGE.exec(path) ?? [];
  if (!key) return null;
  const small = id.endsWith("compressed") ? ", small" : "";
  return { key: key.replaceAll(/[~#]/g, "/"), step: Number(step), label: `step ${step}${small}` };
}

/** Every step that some series has. */
export const stepsOf = (series: readonly MediaSeries[]): number[] =>
  [...new Set(series.flatMap(({ shots }) => shots.map(({ step }) => step)))].sort((a, b) => a - b);

/** The shot at a step, or the last one before it; the first where there is none before. */
export function shotAt({ shots }: MediaSeries, step: number): Shot | null {
  return shots.findLast((shot) => shot.step <= step) ?? shots[0] ?? null;
}
