/** Narrows the filter by a column: a range of its numbers, or some of its words. */
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { columnsOf, valuesOf } from "@/api/experiments.ts";
import { histogramOf } from "@/api/sweeps.ts";
import { Bounds } from "@/components/Bounds.tsx";
import { Button } from "@/components/Button.tsx";
import { type Column, columnId, columnTitle, filterPath } from "@/lib/columns.ts";
import { quoteText } from "@/lib/filter.ts";
import { formatCount, formatDuration, formatNumber, plural } from "@/lib/format.ts";
import styles from "./ColumnFilter.module.css";
import { narrowed } from "./groupFilter.ts";
import type { RunsView } from "./useRunsView.ts";

interface ColumnFilterProps {
  view: RunsView;
  column: Column;
  onDone: () => void;
}

const STATES = ["RUNNING", "SCHEDULED", "FINISHED", "FAILED", "KILLED"];

export const isFilterable = ({ kind, key }: Column): boolean =>
  ["metric", "param", "tag"].includes(kind) || ["duration", "status", "user_id"].includes(key);

export function ColumnFilter({ view, column, onDone }: ColumnFilterProps) {
  const known = useQuery(columnsOf(view.experimentIds)).data ?? [];
  const numeric =
    column.kind === "metric" ||
    columnId(column) === "duration" ||
    known.some(({ kind, key, numeric }) => kind === column.kind && key === column.key && numeric);
  const apply = (conditions: string[]) => {
    if (conditions.length)
      view.change({ q: narrowed(view.search.q ?? "", view.written, conditions) || undefined });
    onDone();
  };
  return numeric ? (
    <Range view={view} column={column} apply={apply} />
  ) : (
    <Words view={view} column={column} apply={apply} />
  );
}

interface PartProps {
  view: RunsView;
  column: Column;
  apply: (conditions: string[]) => void;
}

function Range({ view, column, apply }: PartProps) {
  const [bounds, setBounds] = useState<[string, string]>(["", ""]);
  const id = columnId(column);
  const { bins = [], missing = 0 } = useQuery(histogramOf(view.flat, id)).data ?? {};
  const most = Math.max(...bins.map(({ count }) => count), 1);
  const path = filterPath(column, true);
  const [told, usable] =
    id === "duration"
      ? ([formatDuration, /^\s*\d+(?:\.\d+)?(?:ms|[smhd])?\s*$/] as const)
      : ([formatNumber, /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?\s*$/i] as const);
  const send = (event: FormEvent) => {
    event.preventDefault();
    const signs = [">=", "<="];
    apply(bounds.flatMap((text, at) => (usable.test(text) ? [`${path} ${signs[at]} ${text.trim()}`] : [])));
  };
  return (
    <form className={styles.filter} onSubmit={send}>
      <div className={styles.bins}>
        {bins.map(({ from, to, count }) => (
          <button
            key={from}
            type="button"
            aria-label={`${plural(count, "run")} from ${told(from)} to ${told(to)}`}
            title={`${plural(count, "run")} from ${told(from)} to ${told(to)}`}
            onClick={() => setBounds([String(from), String(to)])}
          >
            <i style={{ height: `${(count / most) * 100}%` }} />
          </button>
        ))}
      </div>
      {missing > 0 && <small>{plural(missing, "run")} without a number</small>}
      <Bounds
        inputMode={id === "duration" ? undefined : "decimal"}
        placeholder={id === "duration" ? "90s, 1.5h" : undefined}
        value={bounds}
        onChange={setBounds}
        first
      />
      <Button type="submit" look="primary" disabled={!bounds.some((text) => usable.test(text))}>
        Filter
      </Button>
    </form>
  );
}

function Words({ view, column, apply }: PartProps) {
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const values = useValues(view, column);
  const path = filterPath(column, false);
  const toggle = (value: string) =>
    setChosen(chosen.includes(value) ? chosen.filter((one) => one !== value) : [...chosen, value]);
  const equal = chosen.map((value) => `${path} = ${quoteText(value)}`);
  const condition =
    equal.length === 1
      ? (equal[0] as string)
      : column.kind === "attribute"
        ? `(${equal.join(" or ")})` // the language has no list for them
        : `${path} IN (${chosen.map(quoteText).join(", ")})`;
  return (
    <div className={styles.filter}>
      <fieldset className={styles.words}>
        <legend className="sr-only">Values of {columnTitle(column)}</legend>
        {values?.map(({ value, count }) => (
          <label key={value}>
            <input type="checkbox" checked={chosen.includes(value)} onChange={() => toggle(value)} />
            <span className="cut">{value || "(empty)"}</span>
            <small className="num">{count === undefined ? "" : formatCount(count)}</small>
          </label>
        ))}
        {values?.length === 0 && <p>No run has a value of it.</p>}
      </fieldset>
      <Button look="primary" disabled={chosen.length === 0} onClick={() => apply([condition])}>
        Filter
      </Button>
    </div>
  );
}

/** The most frequent values; of a state all there are. */
function useValues(view: RunsView, { kind, key }: Column): { value: string; count?: number }[] | undefined {
  const [table, name] =
    kind === "attribute"
      ? (["tag", "mlflow.user"] as const)
      : ([kind === "tag" ? kind : "param", key] as const);
  const known = key === "status" && kind === "attribute";
  const { data } = useQuery({ ...valuesOf(view.experimentIds, table, name), enabled: !known });
  return known ? STATES.map((value) => ({ value })) : data;
}
