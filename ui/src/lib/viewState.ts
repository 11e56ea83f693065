/** What a saved view keeps of a screen's address. */
import { stringifySearch } from "./urlCodec.ts";

const NOT_KEPT = new Set(["v", "o"]); // which view it came from, and what happens to be open

/** The state as text, the same for the same state however it came about. */
export function stateOf(search: Record<string, unknown>): string {
  const entries = Object.entries(search).filter(([name]) => !NOT_KEPT.has(name));
  return stringifySearch(Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)))).slice(1);
}

/** Where a screen of an experiment is. */
export const placeOf = (experimentId: string, screen: "runs" | "sweep"): string =>
  `#/experiments/${experimentId}${screen === "sweep" ? "/sweep" : ""}`;

/** The address of a place with a state, or with a view's id. */
export const addressOf = (place: string, query: string): string => (query ? `${place}?${query}` : place);
