/** Why a filter leaves nothing: a key that no run has, or one condition too many. */
import type { Column } from "@/api/experiments.ts";
import { quoteKey } from "@/lib/columns.ts";
import { tokenize } from "@/lib/filter.ts";

interface Absent {
  /** As the filter writes it: `metrics.foo`. */
  key: string;
  /** What it may have been meant to be. */
  near?: string;
  /** The filter with that in its place. */
  corrected?: string;
}

const KEY = /^(metric|param|tag)s?\.(?:`([^`]*)`|"([^"]*)"|(.+))$/i;
const MOST_APART = 3; // letters

/** The first key of the filter that no run has. */
export function absentKey(filter: string, known: readonly Column[]): Absent | null {
  for (const { kind, text, start } of tokenize(filter)) {
    const match = kind === "key" ? KEY.exec(text) : null;
    if (!match) continue;
    const name = match[2] ?? match[3] ?? match[4] ?? "";
    const column = match[1]?.toLowerCase();
    if (name.startsWith("mlflow.") || known.some(({ kind, key }) => kind === column && key === name))
      continue;
    const near = known
      .filter(({ key }) => !key.startsWith("mlflow."))
      .map((one) => ({ one, apart: distance(one.key, name) - (one.kind === column ? 0.5 : 0) }))
      .sort((a, b) => a.apart - b.apart)[0];
    if (!near || near.apart > Math.min(MOST_APART, name.length / 2)) return { key: text };
    const meant = `${near.one.kind}s.${quoteKey(near.one.key)}`;
    const corrected = filter.slice(0, start) + meant + filter.slice(start + text.length);
    return { key: text, near: meant, corrected };
  }
  return null;
}

/** The filter without what follows its last AND outside of parentheses; null where it has one condition. */
export function withoutLast(filter: string): string | null {
  let depth = 0;
  let between = false; // whose AND joins no conditions
  let cut: number | null = null;
  for (const { kind, text, start } of tokenize(filter)) {
    if (text === "(") depth += 1;
    else if (text === ")") depth -= 1;
    else if (kind === "word" && /^between$/i.test(text)) between = true;
    else if (kind === "word" && /^or$/i.test(text) && depth === 0) return null;
    else if (kind === "word" && /^and$/i.test(text) && depth === 0) {
      if (!between) cut = start;
      between = false;
    }
  }
  return cut === null ? null : filter.slice(0, cut).trim();
}

/** How many letters differ (Levenshtein). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] as number) + 1, (next[j - 1] as number) + 1));
    }
    row = next;
  }
  return row[b.length] as number;
}
