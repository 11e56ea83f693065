/** What somebody prefers, kept in this browser: nothing that changes what a link shows. */
import { create } from "zustand";

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
    const { change: _, ...kept } = get();
    write(kept);
    applyDensity(kept.density);
  },
}));

/** Preferences out of what the browser kept; what cannot be read is the default. */
export function parsePreferences(text: string | null): Preferences {
  let kept: Partial<Record<keyof Preferences, unknown>>;
  try {
    kept = Object(JSON.parse(text ?? "{}"));
  } catch {
    return DEFAULTS;
  }
  const chosen = <T>(value: unknown, choices: T[], usual: T): T =>
    choices.includes(value as T) ? (value as T) : usual;
  const { smoothing, split } = kept;
  return {
    density: chosen(kept.density, CHOICES.density, DEFAULTS.density),
    clock: chosen(kept.clock, CHOICES.clock, DEFAULTS.clock),
    digits: chosen(kept.digits, CHOICES.digits, DEFAULTS.digits),
    smoothing:
      typeof smoothing === "number" && smoothing > 0 && smoothing < 1 ? smoothing : DEFAULTS.smoothing,
    split: typeof split === "number" && split >= 20 && split <= 80 ? split : DEFAULTS.split,
    live: chosen(kept.live, [true, false], DEFAULTS.live),
    keys: chosen(kept.keys, [true, false], DEFAULTS.keys),
  };
}

function applyDensity(density: Density): void {
  document.documentElement.style.setProperty("--row", `${density}px`);
}

function read(): Preferences {
  let text: string | null = null;
  try {
    text = localStorage.getItem(KEY);
  } catch {
    // storage may be forbidden
  }
  const kept = parsePreferences(text);
  applyDensity(kept.density);
  return kept;
}

function write(kept: Preferences): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(kept));
  } catch {
    // the choice then lasts until the page is closed
  }
}
