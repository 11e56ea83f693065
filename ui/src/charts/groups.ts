/** Metric keys in sections by the part before the first slash; the system's come last. */
export function groupMetrics(keys: readonly string[]): [string, string[]][] {
  const groups = Map.groupBy([...keys].sort(byName), (key) => key.slice(0, Math.max(0, key.indexOf("/"))));
  return [...groups].sort(([a], [b]) => Number(a === "system") - Number(b === "system") || byName(a, b));
}

import { byName } from "@/lib/byName.ts";

/** Keys that a regular expression finds; one that cannot be read is taken as text. */
export function matching(keys: readonly string[], search: string): string[] {
  let pattern: RegExp;
  try {
    pattern = new RegExp(search, "i");
  } catch {
    return keys.filter((key) => key.toLowerCase().includes(search.toLowerCase()));
  }
  return keys.filter((key) => pattern.test(key));
}

const DEVICES: readonly [RegExp, string][] = [
  [/gpu[_/]?(\d+)/i, "GPU"],
  [/cpu/i, "Processor"],
  [/memory/i, "Memory"],
  [/disk/i, "Disk"],
  [/network/i, "Network"],
];

/** System metrics in sections by machine and device; each GPU has its own. */
export function groupSystem(keys: readonly string[]): [string, string[]][] {
  const groups = Map.groupBy([...keys].sort(byName), (key) => {
    const parts = key.split("/").slice(1);
    const metric = parts.pop() ?? "";
    const found = DEVICES.find(([pattern]) => pattern.test(metric));
    const number = found?.[0].exec(metric)?.[1];
    const device = found ? `${found[1]}${number === undefined ? "" : ` ${number}`}` : "Other";
    return [...parts, device].join(" · ");
  });
  return [...groups].sort(([a], [b]) => byName(a, b));
}
