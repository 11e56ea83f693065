/** In which order groups of runs stand: by what they are grouped by, or by a column's mean. */
import type { RunGroup } from "@/api/sweeps.ts";
import type { Sort } from "@/lib/columns.ts";

export interface Placed {
  group: RunGroup;
  /** The colour of its line, which stays with it in any order. */
  slot: number;
}

/** `groups` come in the order of their values; `by` and `ids` are the columns of values and of figures. */
export function ordered(
  groups: readonly RunGroup[],
  by: readonly string[],
  ids: readonly string[],
  { id, descending }: Sort,
): Placed[] {
  const placed = groups.map((group, slot) => ({ group, slot }));
  if (id === by[0]) return descending ? placed.reverse() : placed;
  const at = ids.indexOf(id);
  if (at < 0) return placed;
  const sign = descending ? -1 : 1;
  return placed.sort((a, b) => {
    const [one, other] = [a.group.figures[at]?.mean ?? null, b.group.figures[at]?.mean ?? null];
    if (one === null || other === null) return Number(one === null) - Number(other === null); // without a value last
    return sign * (one - other);
  });
}
