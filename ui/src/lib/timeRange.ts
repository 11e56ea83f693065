/** A range of time in the URL: `24h`, the last day; or `2026-11-01T09:00Z..2026-11-02T09:00Z`, either end open. */

import { formatTime, isTime } from "./format.ts";

type TimeRange = { last: number } | { from: number | null; to: number | null };

const UNITS = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 7 * 86_400_000 } as const;
const NAMES = { m: "minute", h: "hour", d: "day", w: "week" } as const;
const FINEST = UNITS.m;

export const USUAL_RANGES: readonly (readonly [string, string])[] = [
  ["1h", "Last hour"],
  ["24h", "Last 24 hours"],
  ["7d", "Last 7 days"],
  ["30d", "Last 30 days"],
];

/** Null for what is no range. */
export function parseRange(text: string): TimeRange | null {
  const last = /^([1-9]\d{0,4})([mhdw])$/.exec(text);
  if (last) return { last: Number(last[1]) * UNITS[last[2] as keyof typeof UNITS] };
  const ends = /^(.*?)\.\.(.*)$/.exec(text);
  if (!ends) return null;
  const [from, to] = [ends[1], ends[2]].map((end) => (end ? Date.parse(end) : null)) as (number | null)[];
  if (Number.isNaN(from) || Number.isNaN(to) || (from === null && to === null)) return null;
  return { from: from ?? null, to: to ?? null };
}

export function formatRange({ from, to }: { from: number | null; to: number | null }): string | undefined {
  const written = (end: number | null) =>
    end === null ? "" : `${new Date(end).toISOString().slice(0, 16)}Z`;
  return from === null && to === null ? undefined : `${written(from)}..${written(to)}`;
}

/** The range in words. */
export function rangeTitle(text: string): string {
  const usual = USUAL_RANGES.find(([id]) => id === text);
  if (usual) return usual[1];
  const range = parseRange(text);
  if (!range) return "Any time";
  if ("last" in range) {
    const [count, unit] = [text.slice(0, -1), NAMES[text.slice(-1) as keyof typeof NAMES]];
    return `Last ${count === "1" ? unit : `${count} ${unit}s`}`;
  }
  const { from, to } = range;
  if (from === null) return `Before ${short(to as number)}`;
  return to === null ? `Since ${short(from)}` : `${short(from)} – ${short(to)}`;
}

const short = (time: number): string => formatTime(time).replace(/:00(?= \w|$)/, "");

/** What the filter asks for; the start of a running range moves by a hundredth of its length, a minute at least. */
export function rangeCondition(text: string, now: number): string {
  const range = parseRange(text);
  if (!range) return "";
  if ("last" in range) {
    const every = Math.max(FINEST, Math.floor(range.last / 100 / FINEST) * FINEST);
    return `start_time >= ${Math.floor(now / every) * every - range.last}`;
  }
  return [
    ...(range.from === null ? [] : [`start_time >= ${range.from}`]),
    ...(range.to === null ? [] : [`start_time < ${range.to}`]),
  ].join(" AND ");
}

/** A time as `datetime-local` inputs hold it, in the zone that times are told in; to the minute or to the second. */
export function toInput(
  time: number | null,
  zone: string | undefined,
  to: "minute" | "second" = "minute",
): string {
  if (time === null) return "";
  const shifted = time - (zone ? 0 : new Date(time).getTimezoneOffset() * FINEST);
  return isTime(shifted) ? new Date(shifted).toISOString().slice(0, to === "minute" ? 16 : 19) : "";
}

export function fromInput(text: string, zone: string | undefined): number | null {
  const time = text ? Date.parse(zone ? `${text}Z` : text) : Number.NaN;
  return Number.isNaN(time) ? null : time;
}
