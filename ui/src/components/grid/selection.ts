/** Which rows of a grid are ticked; it lives as long as the page, not in the URL, and is of the rows that are looked at. */
import { useLayoutEffect } from "react";
import { create } from "zustand";

interface Selection {
  /** Among which rows. */
  among: string;
  ids: ReadonlySet<string>;
  toggle: (id: string) => void;
  add: (ids: readonly string[]) => void;
  clear: () => void;
}

export const useSelection = create<Selection>((set, get) => ({
  among: "",
  ids: new Set(),
  toggle: (id) => {
    const ids = new Set(get().ids);
    if (!ids.delete(id)) ids.add(id);
    set({ ids });
  },
  add: (added) => set({ ids: new Set([...get().ids, ...added]) }),
  clear: () => set({ ids: new Set() }),
}));

/** Nothing is ticked any more once others are looked at: what is done to the ticked must be in sight. */
export function useSelectionAmong(rows: string): void {
  useLayoutEffect(() => {
    if (useSelection.getState().among !== rows) useSelection.setState({ among: rows, ids: new Set() });
  }, [rows]);
}
