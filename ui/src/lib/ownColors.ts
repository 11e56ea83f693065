/** Colours that somebody gave to runs, kept in this browser. */
import { useMemo } from "react";
import { create } from "zustand";
import { assignSlots, type Slots, STYLES } from "./colors.ts";
import { keep, kept } from "./kept.ts";

const KEY = "mlflow.colors";
export const MOST_COLORED = 500; // runs, the latest that were given one

interface OwnColors {
  slots: Slots;
  /** Gives a run a colour; null leaves it to the order of the runs that are shown. */
  give: (id: string, slot: number | null) => void;
}

export const useOwnColors = create<OwnColors>((set, get) => ({
  slots: parseSlots(kept(KEY)),
  give: (id, slot) => {
    const others = [...get().slots].filter(([one]) => one !== id);
    const slots = new Map(slot === null ? others : [...others, [id, slot] as const].slice(-MOST_COLORED));
    set({ slots });
    keep(KEY, JSON.stringify([...slots]));
  },
}));

/** The colours of runs that are shown in this order. */
export function useSlots(ids: readonly string[]): Slots {
  const own = useOwnColors((state) => state.slots);
  const joined = ids.join();
  return useMemo(() => assignSlots(joined ? joined.split(",") : [], new Map(), own), [joined, own]);
}

/** Out of what the browser kept; what is no colour of a run is left out. */
export function parseSlots(text: string | null): Map<string, number> {
  try {
    const pairs: unknown = JSON.parse(text ?? "[]");
    return new Map(Array.isArray(pairs) ? pairs.filter(isSlot).slice(-MOST_COLORED) : []);
  } catch {
    return new Map();
  }
}

function isSlot(pair: unknown): pair is [string, number] {
  if (!Array.isArray(pair)) return false;
  const [id, slot] = pair;
  return (
    typeof id === "string" &&
    /^[0-9a-f]{32}$/.test(id) &&
    Number.isInteger(slot) &&
    slot >= 0 &&
    slot < STYLES
  );
}
