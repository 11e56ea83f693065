/** Experiments that somebody wants at the top of the list, kept in this browser. */
import { create } from "zustand";
import { array, readJson } from "./json.ts";
import { keep, kept } from "./kept.ts";

const KEY = "mlflow.starred";
export const MOST_STARRED = 100;

interface Starred {
  ids: readonly string[];
  toggle: (id: string) => void;
}

export const useStarred = create<Starred>((set, get) => ({
  ids: parseStarred(kept(KEY)),
  toggle: (id) => {
    const { ids } = get();
    const after = ids.includes(id) ? ids.filter((one) => one !== id) : [...ids, id].slice(-MOST_STARRED);
    set({ ids: after });
    keep(KEY, JSON.stringify(after));
  },
}));

/** Ids out of what the browser kept; what cannot be read is none. */
export function parseStarred(text: string | null): string[] {
  return array(readJson(text ?? ""))
    .filter((id) => typeof id === "string")
    .filter((id) => /^\d+$/.test(id))
    .slice(-MOST_STARRED);
}
