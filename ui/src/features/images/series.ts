/** Pictures logged over steps, told from their names: `images/<key>+step+<n>+timestamp+<ms>+<id>.png`. */

export interface Shot {
  path: string;
  step: number;
  time: number;
}

export interface ImageSeries {
  key: string;
  shots: Shot[];
}

const NAME = /^images\/(.+?)[+%]step[+%](-?\d+)[+%]timestamp[+%](\d+)[+%]([^/]+?)\.(\w+)$/;

/** Series by key, shots by step; of several at one step and time the later name. Small previews are left out. */
export function imageSeries(paths: readonly string[]): ImageSeries[] {
  const byKey = new Map<string, Map<number, Shot>>();
  for (const path of [...paths].sort()) {
    const [, name = "", step, time, id = ""] = NAME.exec(path) ?? [];
    if (!name || id.endsWith("compressed")) continue;
    const key = name.replaceAll("~", "/").replaceAll("#", "/");
    const shots = byKey.get(key) ?? new Map<number, Shot>();
    const shot = { path, step: Number(step), time: Number(time) };
    const before = shots.get(shot.step);
    if (!before || before.time <= shot.time) shots.set(shot.step, shot);
    byKey.set(key, shots);
  }
  return [...byKey]
    .map(([key, shots]) => ({ key, shots: [...shots.values()].sort((a, b) => a.step - b.step) }))
    .sort((a, b) => a.key.localeCompare(b.key, "en", { numeric: true }));
}

/** Every step that some series has. */
export const stepsOf = (series: readonly ImageSeries[]): number[] =>
  [...new Set(series.flatMap(({ shots }) => shots.map(({ step }) => step)))].sort((a, b) => a - b);

/** The shot at a step, or the last one before it; the first where there is none before. */
export function shotAt({ shots }: ImageSeries, step: number): Shot | null {
  return shots.findLast((shot) => shot.step <= step) ?? shots[0] ?? null;
}
