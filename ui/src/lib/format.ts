/** How figures, times and sizes are written. */

import { useSettings } from "./settings.ts";

const WHOLE = new Intl.NumberFormat("en-US"); // kept, since making one takes longer than all it writes in a table
const FINE = new Intl.NumberFormat("en-US", { maximumFractionDigits: 20 });

/** Four significant digits, or as many as somebody prefers; whole numbers in full up to a million. */
export function formatNumber(value: number): string {
  const { digits } = useSettings.getState();
  const figures = digits === "all" ? 17 : Number(digits);
  if (!isFigure(value)) return Number.isNaN(value) ? "NaN" : value > 0 ? "∞" : "−∞";
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < 1e6) return minus(WHOLE.format(value));
  if (size !== 0 && (size < 1e-3 || size >= 1e6))
    return minus(digits === "all" ? value.toExponential() : value.toExponential(figures - 2));
  return minus(FINE.format(Number(value.toPrecision(figures))));
}

/** Whether it has a place on an axis: infinities have none, which are stored as the largest number there is. */
export const isFigure = (value: number): boolean => Math.abs(value) < Number.MAX_VALUE;

const minus = (text: string): string => (text.startsWith("-") ? `−${text.slice(1)}` : text);

/** A metric's value; NaN and infinities travel as text. */
export const toNumber = (value: unknown): number =>
  typeof value === "number"
    ? value
    : value === "Infinity"
      ? Infinity
      : value === "-Infinity"
        ? -Infinity
        : NaN;

const UNITS: readonly [string, number][] = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["m", 60_000],
  ["s", 1000],
];

/** A length of time in its two largest units: `3h 12m`, `4.2s`, `80ms`. */
export function formatDuration(length: number): string {
  if (!Number.isFinite(length)) return "–";
  if (Math.round(length) < 1000) return `${Math.max(0, Math.round(length))}ms`;
  const seconds = Number((length / 1000).toFixed(1));
  if (seconds < 60) return `${seconds}s`;
  const ms = Math.max(length, 60_000);
  const first = UNITS.findIndex(([, size]) => ms >= size);
  const [name, size] = UNITS[first] as [string, number];
  const [nextName, nextSize] = UNITS[first + 1] as [string, number];
  const rest = Math.floor((ms % size) / nextSize);
  return `${Math.floor(ms / size)}${name}${rest ? ` ${rest}${nextName}` : ""}`;
}

/** `just now`, `5 min ago`, `3 h ago`, `2 d ago`, then the date; so too of what is yet to come. */
export function formatAgo(time: number, now: number): string {
  const passed = now - time;
  if (passed < -3_600_000) return formatDate(time); // nearer, it is a clock that goes wrong
  if (passed < 45_000) return "just now";
  if (passed < 3_600_000) return `${Math.max(1, Math.round(passed / 60_000))} min ago`;
  if (passed < 86_400_000) return `${Math.round(passed / 3_600_000)} h ago`;
  if (passed < 14 * 86_400_000) return `${Math.round(passed / 86_400_000)} d ago`;
  return formatDate(time);
}

/** The time zone that times are told in; undefined for the browser's. */
export const timeZone = (): string | undefined =>
  useSettings.getState().clock === "utc" ? "UTC" : undefined;

const FARTHEST = 8.64e15; // milliseconds from 1970 that a date can be, ECMA-262, section 21.4.1.1

/** Whether a number of milliseconds is a date; nanoseconds are taken for them now and then. */
export const isTime = (ms: number): boolean => Math.abs(ms) <= FARTHEST;

/**
 * Writes times with the same options again and again, in whatever zone they are told in at that moment. What is no date
 * stays the number that it is.
 */
function inZone(options: Intl.DateTimeFormatOptions): (time: number) => string {
  const made = new Map<string | undefined, Intl.DateTimeFormat>();
  return (time) => {
    if (!isTime(time)) return String(time);
    const zone = timeZone();
    const format = made.get(zone) ?? new Intl.DateTimeFormat("en-GB", { ...options, timeZone: zone });
    made.set(zone, format);
    return format.format(time);
  };
}

export const formatDate = inZone({ day: "numeric", month: "short", year: "numeric" });
export const formatDay = inZone({ day: "numeric", month: "short" });
export const formatMinute = inZone({ hour: "2-digit", minute: "2-digit" });
export const formatSecond = inZone({ hour: "2-digit", minute: "2-digit", second: "2-digit" });
export const formatMoment = inZone({ dateStyle: "short", timeStyle: "medium" });

const dateAndTime = inZone({ dateStyle: "medium", timeStyle: "medium" });

export function formatTime(time: number): string {
  const zone = timeZone();
  return zone ? `${dateAndTime(time)} ${zone}` : dateAndTime(time);
}

export function formatBytes(bytes: number): string {
  const power = bytes < 1024 ? 0 : Math.min(4, Math.floor(Math.log2(bytes) / 10));
  const amount = bytes / 1024 ** power;
  return `${amount >= 100 || power === 0 ? Math.round(amount) : amount.toFixed(1)} ${["B", "KiB", "MiB", "GiB", "TiB"][power]}`;
}

/** How many, in full: `12,345`. */
export const formatCount = (count: number): string => WHOLE.format(count);

export const plural = (count: number, noun: string, many = `${noun}s`): string =>
  `${formatCount(count)} ${count === 1 ? noun : many}`;
