import type { ReactNode } from "react";
import type { ModelRow } from "@/api/modelRows.ts";
import grid from "@/components/grid/Grid.module.css";
import { formatAgo, formatNumber, formatTime } from "@/lib/format.ts";
import { own } from "@/lib/json.ts";
import { type Column, figureOf } from "./columns.ts";
import { SourceRun } from "./SourceRun.tsx";
import { VersionLinks } from "./VersionLinks.tsx";

interface ModelCellProps {
  model: ModelRow;
  column: Column;
  index: number;
  /** The best value of the column. */
  best: number | null;
  now: number;
  width: number;
  /** Where it sticks; undefined for a column that scrolls. */
  left: number | undefined;
}

interface Told {
  /** Null where the model has nothing of it. */
  shown: ReactNode;
  title?: string;
  number?: boolean;
  best?: boolean;
}

/* biome-ignore-start lint/a11y/useSemanticElements lint/a11y/useFocusableInteractive: parts of a grid that is no table */
export function ModelCell({ model, column, index, best, now, width, left }: ModelCellProps) {
  const { shown, title, ...is } = tell(model, column, best, now);
  return (
    <div
      role="gridcell"
      aria-colindex={index + 2}
      className={grid.cell}
      data-number={is.number}
      data-none={shown === null}
      data-best={is.best}
      data-pinned={left !== undefined}
      style={{ width, left }}
      title={title}
    >
      {shown ?? "–"}
    </div>
  );
}
/* biome-ignore-end lint/a11y/useSemanticElements lint/a11y/useFocusableInteractive: parts of a grid that is no table */

function tell(model: ModelRow, column: Column, best: number | null, now: number): Told {
  if (column.kind === "fact") return tellFact(model, column.id, now);
  const value = own(model.values, column.id);
  if (value === undefined) return { shown: "" }; // not read yet
  if (value === null) return { shown: null, number: column.kind === "metric" };
  if (column.kind !== "metric") return { shown: String(value), title: String(value) };
  const figure = figureOf(model, column) as number;
  return { shown: formatNumber(figure), title: String(value), number: true, best: figure === best };
}

function tellFact(model: ModelRow, fact: (Column & { kind: "fact" })["id"], now: number): Told {
  const { created, runId, runName, step, versions, status, type } = model;
  switch (fact) {
    case "created":
      return { shown: formatAgo(created, now), title: formatTime(created) };
    case "run":
      return { shown: runId ? <SourceRun id={runId} name={runName} /> : null };
    case "step":
      return { shown: step === null ? null : formatNumber(step), title: String(step ?? ""), number: true };
    case "versions":
      return { shown: versions.length ? <VersionLinks versions={versions} /> : null };
    case "status":
      return { shown: status.toLowerCase().replaceAll("_", " ") };
    case "type":
      return { shown: type || null, title: type };
  }
}
