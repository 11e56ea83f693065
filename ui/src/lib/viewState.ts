/** What a saved view keeps of a screen's address. */
import { stringifySearch } from "./urlCodec.ts";

const NOT_KEPT = new Set(["v", "o"]); // which view it came from, and what happens to be open

/** The state as text, the same for the same state however it came about. */
export function stateOf(search: Record<string, unknown>): string {
  const entries = Object.entries(search).filter(([name]) => !NOT_KEPT.has(name));
  return stringifySearch(Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)))).slice(1);
}

/** The address of a screen with a state, or of a view by its id. */
export function addressOf(experimentId: string, screen: "runs" | "sweep", query: string): string {
  const path = `#/experiments/${experimentId}${screen === "sweep" ? "/sweep" : ""}`;
  return query ? `${path}?${query}` : path;
}
