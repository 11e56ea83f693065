/** What is said to those who listen: what somebody did at once, what happens by itself seldom, and not at all where they like. */
import { create } from "zustand";
import { paced } from "./paced.ts";
import { useSettings } from "./settings.ts";

const [SOON, EVERY] = [500, 10_000]; // milliseconds

/** `count` tells a message from the same one before. */
export const useAnnouncement = create<{ text: string; count: number }>(() => ({ text: "", count: 0 }));

/** Says what came of somebody's own action. */
export const announce = (text: string): void =>
  useAnnouncement.setState(({ count }) => ({ text, count: count + 1 }));

const waiting = new Map<string, string>();

const pace = paced(
  () => {
    const texts = [...waiting.values()];
    waiting.clear();
    if (useSettings.getState().announced && texts.length) announce(`${texts.join(". ")}.`);
  },
  SOON,
  EVERY,
);

/** Says what happened by itself, at most every ten seconds; of a subject the latest. */
export function announceLive(subject: string, text: string): void {
  waiting.set(subject, text);
  pace.ask();
}
