/** Sections of panels as somebody arranged them, in the URL: `-Validation|val/|f1`, closed, of val/… and of f1. */
import { joinBars, splitBars } from "@/lib/bars.ts";

export interface Section {
  title: string;
  /** The group whose metrics come by themselves; null where there are only those that somebody moved there. */
  source: string | null;
  closed: boolean;
  /** Metrics that somebody moved there, in their order; they stand before the others. */
  keys: readonly string[];
}

export interface Shown extends Section {
  /** All metrics of the section. */
  shown: readonly string[];
}

type Grouping = (keys: readonly string[]) => [string, string[]][];

const LAST = "system";

export function parseSections(texts: readonly string[]): Section[] {
  return texts.flatMap((text) => {
    const [head = "", source = "", ...keys] = splitBars(text);
    const closed = head.startsWith("-");
    const title = (closed ? head.slice(1) : head).replace(/^\\/, "");
    if (!title && !source) return [];
    return [{ title, source: source.endsWith("/") ? source.slice(0, -1) : null, closed, keys }];
  });
}

export const formatSections = (sections: readonly Section[]): string[] =>
  sections.map(({ title, source, closed, keys }) => {
    const head = `${closed ? "-" : ""}${/^[-\\]/.test(title) ? `\\${title}` : title}`;
    return joinBars([head, source === null ? "" : `${source}/`, ...keys]);
  });

/** The sections with what they show; groups that nobody arranged come after those that somebody did. */
export function arranged(
  metrics: readonly string[],
  sections: readonly Section[],
  grouping: Grouping,
): Shown[] {
  const there = new Set(metrics);
  const moved = new Set(sections.flatMap(({ keys }) => keys));
  const left = new Map(
    grouping(metrics).map(([name, keys]) => [name, keys.filter((key) => !moved.has(key))]),
  );
  const known = sections.map((section): Shown => {
    const own = section.keys.filter((key) => there.has(key));
    const { source } = section;
    return { ...section, shown: [...own, ...(source === null ? [] : (left.get(source) ?? []))] };
  });
  const named = new Set(sections.map(({ source }) => source));
  const others = [...left].flatMap(([name, keys]): Shown[] =>
    named.has(name) || keys.length === 0
      ? []
      : [{ title: name, source: name, closed: name === LAST, keys: [], shown: keys }],
  );
  return [...known, ...others];
}

/** Moves a section up (-1) or down. */
export function movedSection(sections: readonly Shown[], at: number, by: number): Section[] {
  const section = sections[at] as Shown;
  return sections.toSpliced(at, 1).toSpliced(Math.max(0, at + by), 0, section);
}

/** Moves a metric's panel into a section, before another panel or to the end; from whichever it was in. */
export function movedPanel(sections: readonly Shown[], key: string, to: number, before?: string): Section[] {
  return sections.map((section, at) => {
    const keys = section.keys.filter((one) => one !== key);
    if (at !== to) return { ...section, keys };
    const others = section.shown.filter((one) => one !== key);
    const place = before === undefined ? others.length : others.indexOf(before);
    const order = others.toSpliced(place < 0 ? others.length : place, 0, key);
    // what follows the last one that was moved stands where it would by itself
    return { ...section, keys: order.slice(0, Math.max(order.indexOf(key) + 1, keys.length + 1)) };
  });
}
