/** The filter that finds a group's runs. */
import { quoteKey } from "@/lib/columns.ts";
import { quoteText } from "@/lib/filter.ts";

/** `text` is what stands in the box, `filter` what it asks for: free text is kept as the condition it means. */
export function groupFilter(
  text: string,
  filter: string,
  by: readonly string[],
  values: readonly (string | null)[],
): string {
  const conditions = by.map((id, at) => {
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
