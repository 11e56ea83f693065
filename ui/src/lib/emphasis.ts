/** Runs that stand out, in all charts and their legend: the one under the pointer or the cursor, else those that are chosen. */
import { create } from "zustand";

export interface Emphasis {
  run: string | null;
  chosen: ReadonlySet<string>;
}

export const useEmphasis = create<Emphasis>(() => ({ run: null, chosen: new Set() }));

export const emphasise = (run: string | null | undefined): void => useEmphasis.setState({ run: run ?? null });

/** What makes a bar or a row emphasise its run. */
export const emphasisOf = (run: string) => ({
  onPointerEnter: () => emphasise(run),
  onPointerLeave: () => emphasise(null),
});
