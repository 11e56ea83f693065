/** Which runs are ticked; it lives as long as the page, not in the URL. */
import { create } from "zustand";

interface Selection {
  ids: ReadonlySet<string>;
  toggle: (id: string) => void;
  add: (ids: readonly string[]) => void;
  clear: () => void;
}

export const useSelection = create<Selection>((set, get) => ({
  ids: new Set(),
  toggle: (id) => {
    const ids = new Set(get().ids);
    if (!ids.delete(id)) ids.add(id);
    set({ ids });
  },
  add: (added) => set({ ids: new Set([...get().ids, ...added]) }),
  clear: () => set({ ids: new Set() }),
}));
