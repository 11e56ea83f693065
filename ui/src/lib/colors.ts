/** Colours of runs: ten hues, then the same with dashes and dots. A run keeps the lowest slot that was free. */

import { areColorsForced } from "./theme.ts";

export interface RunStyle {
  color: string;
  dash: number[];
}

/**
 * Chosen so that the closest pair stays apart under normal vision, protanopia, deuteranopia and tritanopia (Machado et
 * al. 2009): at least 7.9 in OKLab × 100 on white, 10.0 on the dark surface.
 */
const LIGHT = [
  "#3572d8",
  "#be7016",
  "#810157",
  "#5d0aae",
  "#0f5409",
  "#1d9cd6",
  "#1a705b",
  "#856009",
  "#f16664",
  "#8e959c",
];
const DARK = [
  "#6b97fb",
  "#f99738",
  "#b55998",
  "#8f57ef",
  "#348a19",
  "#52c8f2",
  "#8ff3e5",
  "#f7d436",
  "#f63f58",
  "#9d9ea7",
];
const DASHES = [[], [6, 3], [2, 3]];
/** Where colours do not tell: of metrics in one panel, and of runs where the system sets all colours. */
const MORE_DASHES = [[], [8, 3], [2, 3], [8, 3, 2, 3], [14, 4], [1, 5]];
const GREY = { light: "#a9afb8", dark: "#565f6b" };

export const STYLES = LIGHT.length * DASHES.length;

/** Whether a run with this slot is told from the others by its style; the rest are grey. */
export const isTold = (slot: number): boolean => slot >= 0 && slot < STYLES;

export const dashOf = (place: number): number[] => MORE_DASHES[place % MORE_DASHES.length] as number[];

export function runStyle(slot: number, theme: "light" | "dark", forced = areColorsForced()): RunStyle {
  const colors = theme === "dark" ? DARK : LIGHT;
  if (!isTold(slot)) return { color: GREY[theme], dash: [] };
  return {
    color: colors[slot % colors.length] as string,
    dash: forced ? dashOf(slot) : (DASHES[Math.floor(slot / colors.length)] as number[]),
  };
}

/** How an area of a style is filled, so that dashes can be told there too. */
export function fillOf({ color, dash: [on, off = 0] }: RunStyle): string {
  if (!on) return color;
  return `repeating-linear-gradient(90deg, ${color} 0 ${on / 1.5}px, transparent 0 ${(on + off) / 1.5}px)`;
}

/** Styles of runs, by their numbers. */
export type Slots = ReadonlyMap<string, number>;

/**
 * Slots for `shown`, in its order: those that somebody gave, even to several; then a run that had one keeps it, and
 * others take the lowest that is free.
 */
export function assignSlots(shown: readonly string[], before: Slots, own: Slots = new Map()): Slots {
  const given = shown.flatMap((id) => (own.has(id) ? [[id, own.get(id) as number] as const] : []));
  const slots = new Map(given);
  const taken = new Set(slots.values());
  for (const id of shown) {
    const slot = before.get(id);
    if (slot === undefined || taken.has(slot) || slots.has(id)) continue;
    slots.set(id, slot);
    taken.add(slot);
  }
  let free = 0;
  for (const id of shown) {
    if (slots.has(id)) continue;
    while (taken.has(free)) free += 1;
    slots.set(id, free);
    taken.add(free);
  }
  return slots;
}
