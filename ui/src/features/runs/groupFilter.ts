/** The filter that finds a group's runs. */
import { quoteKey } from "@/lib/columns.ts";
import { quoteText } from "@/lib/filter.ts";

/** The column that groups by what datasets runs used; a value has a name a line. */
export const DATASET = "dataset";

const usedData = (value: string | null): string =>
  value === null
    ? "NOT dataset.name LIKE '%'"
    : value
        .split("\n")
        .map((name) => `dataset.name = ${quoteText(name)}`)
        .join(" and ");

/** `text` is what stands in the box, `filter` what it asks for: free text is kept as the condition it means. */
export function groupFilter(
  text: string,
  filter: string,
  by: readonly string[],
  values: readonly (string | null)[],
): string {
  const conditions = by.map((id, at) => {
    if (id === DATASET) return usedData(values[at] ?? null);
    const dot = id.indexOf(".");
    const key = `${id.slice(0, dot)}.${quoteKey(id.slice(dot + 1))}`;
    const value = values[at] ?? null;
    if (value === null) return `${key} IS NULL`;
    return id.startsWith("params.") && value.trim() !== "" && !Number.isNaN(Number(value))
      ? `number(${key}) = ${value}`
      : `${key} = ${quoteText(value)}`;
  });
  return narrowed(text, filter, conditions);
}

/** What stands in the box, with more conditions. */
export function narrowed(text: string, filter: string, conditions: readonly string[]): string {
  const before = text.trim() && filter;
  return [...(before ? [/\bor\b/i.test(before) ? `(${before})` : before] : []), ...conditions].join(" and ");
}
