/** What somebody prefers, kept in this browser: nothing that changes what a link shows. */
import { create } from "zustand";
import { object, readJson } from "./json.ts";
import { keep, kept } from "./kept.ts";

export type Density = "28" | "32" | "40";
type Clock = "local" | "utc";
export type Digits = "4" | "6" | "all";

export interface Preferences {
  density: Density;
  clock: Clock;
  digits: Digits;
  /** The table's part of the split view, in per cent. */
  split: number;
  /** Of charts whose address says nothing else. */
  smoothing: number;
  live: boolean;
  /** Whether what happens by itself is said to screen readers. */
  announced: boolean;
  /** Shortcuts of one key and of two in a row; those with Ctrl stay. */
  keys: boolean;
}

export const DEFAULTS: Preferences = {
  density: "32",
  clock: "local",
  digits: "4",
  split: 46,
  smoothing: 0,
  live: true,
  announced: true,
  keys: true,
};

const KEY = "mlflow.settings";
const CHOICES: { density: Density[]; clock: Clock[]; digits: Digits[] } = {
  density: ["28", "32", "40"],
  clock: ["local", "utc"],
  digits: ["4", "6", "all"],
};

interface Settings extends Preferences {
  change: (part: Partial<Preferences>) => void;
}

export const useSettings = create<Settings>((set, get) => ({
  ...read(),
  change: (part) => {
    set(part);
    const { change: _, ...preferences } = get();
    keep(KEY, JSON.stringify(preferences));
    applyDensity(preferences.density);
  },
}));

/** Preferences out of what the browser kept; what cannot be read is the default. */
export function parsePreferences(text: string | null): Preferences {
  const told: Partial<Record<keyof Preferences, unknown>> = object(readJson(text ?? ""));
  const chosen = <T>(value: unknown, choices: T[], usual: T): T =>
    choices.includes(value as T) ? (value as T) : usual;
  const { smoothing, split } = told;
  return {
    density: chosen(told.density, CHOICES.density, DEFAULTS.density),
    clock: chosen(told.clock, CHOICES.clock, DEFAULTS.clock),
    digits: chosen(told.digits, CHOICES.digits, DEFAULTS.digits),
    smoothing:
      typeof smoothing === "number" && smoothing > 0 && smoothing < 1 ? smoothing : DEFAULTS.smoothing,
    split: typeof split === "number" && split >= 20 && split <= 80 ? split : DEFAULTS.split,
    live: chosen(told.live, [true, false], DEFAULTS.live),
    announced: chosen(told.announced, [true, false], DEFAULTS.announced),
    keys: chosen(told.keys, [true, false], DEFAULTS.keys),
  };
}

function applyDensity(density: Density): void {
  document.documentElement.style.setProperty("--row", `${density}px`);
}

function read(): Preferences {
  const preferences = parsePreferences(kept(KEY));
  applyDensity(preferences.density);
  return preferences;
}
