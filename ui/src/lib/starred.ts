/** Experiments that somebody wants at the top of the list, kept in this browser. */
import { create } from "zustand";

const KEY = "mlflow.starred";
export const MOST_STARRED = 100;

interface Starred {
  ids: readonly string[];
  toggle: (id: string) => void;
}

export const useStarred = create<Starred>((set, get) => ({
  ids: parseStarred(read()),
  toggle: (id) => {
    const { ids } = get();
    const after = ids.includes(id) ? ids.filter((one) => one !== id) : [...ids, id].slice(-MOST_STARRED);
    set({ ids: after });
    try {
      localStorage.setItem(KEY, JSON.stringify(after));
    } catch {
      // the stars then last until the page is closed
    }
  },
}));

/** Ids out of what the browser kept; what cannot be read is none. */
export function parseStarred(text: string | null): string[] {
  try {
    const kept: unknown = JSON.parse(text ?? "[]");
    if (!Array.isArray(kept)) return [];
    return kept.filter((id) => typeof id === "string" && /^\d+$/.test(id)).slice(-MOST_STARRED);
  } catch {
    return [];
  }
}

function read(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null; // storage may be forbidden
  }
}
