/** Panels that somebody added, as texts of the URL: `box|metrics.loss|params.lr`, `diff|metrics.loss`. */
import { joinBars, splitBars } from "@/lib/bars.ts";

export type Added = { kind: "box"; metric: string; by: string } | { kind: "diff"; metric: string };

const isMetric = (text: string): boolean => /^(?:(?:min|max|first|mean)\()?metrics\../.test(text);
const isText = (text: string): boolean => /^(?:params|tags)\../.test(text);

export function parseAdded(text: string): Added | null {
  const [kind, metric = "", by = ""] = splitBars(text);
  if (!isMetric(metric)) return null;
  if (kind === "diff") return { kind, metric };
  return kind === "box" && isText(by) ? { kind, metric, by } : null;
}

export const formatAdded = (added: Added): string =>
  joinBars([added.kind, added.metric, ...(added.kind === "box" ? [added.by] : [])]);
