/** Columns of a model's versions: choosing them, and ordering by one. */
import type { Version } from "@/api/models.ts";
import { ButtonPopover } from "@/components/ButtonPopover.tsx";
import { Icon } from "@/components/Icon.tsx";
import { PickList } from "@/components/PickList.tsx";
import { byName } from "@/lib/byName.ts";
import { smallerIsBetter } from "@/lib/metricNames.ts";
import styles from "./Models.module.css";

export const bare = (sort: string): string => sort.replace(/^-/, "");
export const isMetric = (column: string): boolean => column.startsWith("metrics.");
const titleOf = (column: string): string => column.replace(/^\w+\./, "");

/** The newest first where nothing else is said; versions without a value come last. */
export function ordered(
  versions: readonly Version[],
  found: (version: Version) => string | number | null,
  sort: string,
): Version[] {
  if (!sort) return [...versions];
  const sign = sort.startsWith("-") ? -1 : 1;
  return versions.toSorted((a, b) => {
    const [one, other] = [found(a), found(b)];
    if (one === null || other === null) return Number(one === null) - Number(other === null);
    if (typeof one === "number" && typeof other === "number") return sign * (one - other);
    return sign * byName(String(one), String(other));
  });
}

interface HeadProps {
  column: string;
  sort: string;
  onSort: (sort: string | undefined) => void;
}

/** Pressed it orders the versions by the column, the better first; then the other way round; then no more. */
export function VersionHead({ column, sort, onSort }: HeadProps) {
  const first = isMetric(column) && !smallerIsBetter(titleOf(column)) ? `-${column}` : column;
  const second = first === column ? `-${column}` : column;
  const own = bare(sort) === column;
  return (
    <th
      scope="col"
      className={isMetric(column) ? styles.figure : undefined}
      aria-sort={own ? (sort.startsWith("-") ? "descending" : "ascending") : undefined}
    >
      <button
        type="button"
        className={styles.sort}
        onClick={() => onSort(sort === first ? second : sort === second ? undefined : first)}
      >
        {own && <Icon name={sort.startsWith("-") ? "arrowDown" : "arrowUp"} size={12} />} {titleOf(column)}
      </button>
    </th>
  );
}

interface ColumnsProps {
  all: readonly string[];
  columns: readonly string[];
  usual: readonly string[];
  change: (part: { c?: string[] }) => void;
}

/** Metrics and params of the versions' runs, each to be shown or not. */
export function VersionColumns({ all, columns, usual, change }: ColumnsProps) {
  const toggle = (column: string) => {
    const after = columns.includes(column) ? columns.filter((one) => one !== column) : [...columns, column];
    change({ c: after.join("\n") === usual.join("\n") ? undefined : after });
  };
  return (
    <ButtonPopover icon="columns" text="Columns" label="Columns of the versions">
      {() => <PickList label="Find a metric or param" options={all} chosen={columns} onPick={toggle} />}
    </ButtonPopover>
  );
}
