/** Which of a metric's points is the last one: the order that the server has. */

/** As events tell it; null is what is no number. */
export type Point = readonly [step: number, timestamp: number, value: number | null];

/** Whether a point comes after another: by step, then by time, then by value, where no number is below all. */
export function isNewer(one: Point, other: Point | undefined): boolean {
  if (!other) return true;
  if (one[0] !== other[0]) return one[0] > other[0];
  if (one[1] !== other[1]) return one[1] > other[1];
  return one[2] !== null && (other[2] === null || one[2] > other[2]);
}

/** The last of some points and one that is known; undefined where it is that one. */
export function newestOf(points: readonly Point[], known?: Point): Point | undefined {
  const newest = points.reduce((last, point) => (isNewer(point, last) ? point : last), known);
  return newest === known ? undefined : newest;
}
