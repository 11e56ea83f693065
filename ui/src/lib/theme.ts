/** The colour theme: what is wanted (kept in the browser), and what that means now. src/early.js sets it first. */
import { useSyncExternalStore } from "react";
import { create } from "zustand";
import { keep, kept } from "./kept.ts";

export type Wanted = "system" | "light" | "dark";
export type Theme = "light" | "dark";

const KEY = "mlflow.theme";
const SYSTEM = window.matchMedia("(prefers-color-scheme: dark)");

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
  const system = useSyncExternalStore(onSystemChange, () => SYSTEM.matches);
  return wanted === "system" ? (system ? "dark" : "light") : wanted;
}

function onSystemChange(changed: () => void): () => void {
  SYSTEM.addEventListener("change", changed);
  return () => SYSTEM.removeEventListener("change", changed);
}

function wantedIn(text: string | null): Wanted {
  return text === "light" || text === "dark" ? text : "system";
}
