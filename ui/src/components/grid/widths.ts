const NARROW = 640; // pixels of a window; there the name leaves room for a column beside it

export const NAME_WIDTH = window.innerWidth < NARROW ? 180 : 260;

/** Where each of the pinned columns stands, given their widths, and where the others begin. */
export function pinnedLefts(pinned: readonly number[]): { lefts: number[]; end: number } {
  const lefts: number[] = [];
  let end = NAME_WIDTH;
  for (const width of pinned) {
    lefts.push(end);
    end += width;
  }
  return { lefts, end };
}
