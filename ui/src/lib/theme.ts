/** The colour theme: what is wanted (kept in the browser), and what that means now. src/early.js sets it first. */
import { useSyncExternalStore } from "react";
import { create } from "zustand";
import { keep, kept } from "./kept.ts";

export type Wanted = "system" | "light" | "dark";
export type Theme = "light" | "dark";

const KEY = "mlflow.theme";
const SYSTEM = window.matchMedia("(prefers-color-scheme: dark)");
/** Whether the system sets a few colours for all pages; tokens.css takes them, and they follow its own theme. */
const FORCED = window.matchMedia("(forced-colors: active)");

interface ThemeState {
  wanted: Wanted;
  choose: (wanted: Wanted) => void;
}

export const useWantedTheme = create<ThemeState>((set) => ({
  wanted: wantedIn(kept(KEY)),
  choose: (wanted) => {
    keep(KEY, wanted);
    set({ wanted });
  },
}));

/** The theme to draw in. */
export function useTheme(): Theme {
  const wanted = useWantedTheme((state) => state.wanted);
  const system = useMatches(SYSTEM);
  const forced = useForcedColors();
  return wanted === "system" || forced ? (system ? "dark" : "light") : wanted;
}

export const useForcedColors = (): boolean => useMatches(FORCED);

export const areColorsForced = (): boolean => FORCED.matches;

const useMatches = (media: MediaQueryList): boolean =>
  useSyncExternalStore(
    (changed) => {
      media.addEventListener("change", changed);
      return () => media.removeEventListener("change", changed);
    },
    () => media.matches,
  );

function wantedIn(text: string | null): Wanted {
  return text === "light" || text === "dark" ? text : "system";
}
