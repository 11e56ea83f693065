/** The filters that were applied last, the latest first, kept in the browser. */

const KEY = "mlflow.filters";
const MOST = 8;

export function recentFilters(): string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(kept) ? kept.filter((one) => typeof one === "string").slice(0, MOST) : [];
  } catch {
    return []; // storage may be forbidden, or hold something else
  }
}

export function rememberFilter(filter: string): void {
  const text = filter.trim();
  if (!text) return;
  try {
    const others = recentFilters().filter((one) => one !== text);
    localStorage.setItem(KEY, JSON.stringify([text, ...others].slice(0, MOST)));
  } catch {
    // then there is nothing to offer later
  }
}
