/** The filters that were applied last, the latest first, kept in the browser. */
import { array, readJson } from "./json.ts";
import { keep, kept } from "./kept.ts";

const KEY = "mlflow.filters";
const MOST = 8;

export const recentFilters = (): string[] =>
  array(readJson(kept(KEY) ?? ""))
    .filter((one) => typeof one === "string")
    .slice(0, MOST);

export function rememberFilter(filter: string): void {
  const text = filter.trim();
  if (!text) return;
  const others = recentFilters().filter((one) => one !== text);
  keep(KEY, JSON.stringify([text, ...others].slice(0, MOST)));
}
