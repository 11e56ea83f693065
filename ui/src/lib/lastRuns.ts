/** The runs of the table that was on screen last, in its order, for going from one to the next; and its baseline. */
import { create } from "zustand";

export const useLastRuns = create<{ ids: readonly string[]; baseline?: string | undefined }>(() => ({
  ids: [],
}));

/** The runs before and after one; undefined at either end, and for a run that was not in the table. */
export function neighboursOf(ids: readonly string[], id: string): [before?: string, after?: string] {
  const at = ids.indexOf(id);
  return at < 0 ? [] : [ids[at - 1], ids[at + 1]];
}
