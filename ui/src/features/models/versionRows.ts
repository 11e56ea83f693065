/** What tells two versions apart: their runs' metrics and params, what their MLmodel files say, what they need. */

import { parsePackages } from "@/api/origin.ts";
import type { Run } from "@/api/runs.ts";
import { formatNumber, toNumber } from "@/lib/format.ts";
import { object, own, word } from "@/lib/json.ts";
import { isSystem } from "@/lib/metricNames.ts";
import { fieldsOf } from "@/lib/schema.ts";

export interface Side {
  run: Run | undefined;
  document: Record<string, unknown> | undefined;
  /** What requirements.txt says; packages are told where both sides have the file. */
  requirements?: string | undefined;
}

interface VersionRow {
  group: string;
  key: string;
  before: string | null;
  after: string | null;
}

/** The rows that differ. */
export function versionRows(before: Side, after: Side): VersionRow[] {
  const sides = [before, after].map(facts) as [Facts, Facts];
  const both = before.requirements !== undefined && after.requirements !== undefined;
  const groups = ["Metrics", "Params", "Signature", "Model", ...(both ? ["Requirements"] : [])];
  const rows = groups.flatMap((group) => {
    const keys = [...new Set(sides.flatMap((side) => Object.keys(side[group] ?? {})))].sort();
    return keys.map((key): VersionRow => {
      const [one = null, two = null] = sides.map((side) => own(side[group] ?? {}, key));
      return { group, key, before: one, after: two };
    });
  });
  return rows.filter((row) => row.before !== row.after);
}

type Facts = Record<string, Record<string, string>>;

function facts({ run, document, requirements }: Side): Facts {
  const signature = object(document?.signature);
  const fields = ["inputs", "outputs", "params"].flatMap((part) =>
    fieldsOf(signature[part]).map(({ name, type }) => [`${part.slice(0, -1)} ${name}`, type] as const),
  );
  const flavors = Object.entries(object(document?.flavors));
  return {
    Metrics: Object.fromEntries(
      Object.values(run?.metrics ?? {})
        .filter(({ key }) => !isSystem(key))
        .map(({ key, value }) => [key, formatNumber(toNumber(value))]),
    ),
    Params: { ...run?.params },
    Signature: Object.fromEntries(fields),
    Requirements: Object.fromEntries(
      parsePackages(requirements ?? "").map(({ name, version }) => [name, version || "any version"]),
    ),
    Model: Object.fromEntries([
      ...flavors.flatMap(([flavor, facts]) =>
        Object.entries(object(facts))
          .filter(([, value]) => typeof value === "string" || typeof value === "number")
          .map(([key, value]) => [`${flavor}.${key}`, String(value)]),
      ),
      ...(document?.model_size_bytes ? [["size in bytes", word(document.model_size_bytes)]] : []),
      ...(document?.mlflow_version ? [["mlflow", word(document.mlflow_version)]] : []),
    ]),
  };
}
