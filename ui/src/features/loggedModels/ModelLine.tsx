import { Link } from "@tanstack/react-router";
import type { VirtualItem } from "@tanstack/react-virtual";
import { memo } from "react";
import type { ModelRow } from "@/api/modelRows.ts";
import { Line } from "@/components/grid/Line.tsx";
import { useSelection } from "@/components/grid/selection.ts";
import type { Column } from "./columns.ts";
import styles from "./LoggedModels.module.css";
import { ModelCell } from "./ModelCell.tsx";
import { SourceRun } from "./SourceRun.tsx";
import type { Row } from "./useModelRows.ts";

interface PlaceProps {
  index: number;
  top: number;
  active: boolean;
  widths: readonly number[];
  pinned: number;
  cells: readonly VirtualItem[];
  onActive: (index: number) => void;
}

interface ModelLineProps extends PlaceProps {
  /** Undefined where it is not loaded. */
  model: ModelRow | undefined;
  columns: readonly Column[];
  /** Of each column. */
  best: readonly (number | null)[];
  now: number;
  selected: boolean;
}

export const ModelLine = memo(function ModelLine({ model, columns, best, now, ...place }: ModelLineProps) {
  return (
    <Line
      {...place}
      heads={2}
      name={model && <Name model={model} selected={place.selected} />}
      cell={(at, left) =>
        model && (
          <ModelCell
            key={columns[at]?.id}
            {...{ model, now, left, index: at }}
            column={columns[at] as Column}
            best={best[at] ?? null}
            width={place.widths[at] ?? 0}
          />
        )
      }
    />
  );
});

function Name({ model, selected }: { model: ModelRow; selected: boolean }) {
  const toggle = useSelection((state) => state.toggle);
  const { id, name, experimentId, status, statusMessage } = model;
  return (
    <>
      <input type="checkbox" aria-label={`Select ${name}`} checked={selected} onChange={() => toggle(id)} />
      <Link
        to="/experiments/$experimentId/models/$modelId"
        params={{ experimentId, modelId: id }}
        title={`${name} (${id})`}
      >
        {name}
      </Link>
      {status !== "READY" && (
        <small className={styles.state} data-status={status} title={statusMessage || undefined}>
          {status === "PENDING" ? "being logged" : "upload failed"}
        </small>
      )}
    </>
  );
}

/** A run above its models. */
export function GroupLine({ group, ...place }: PlaceProps & { group: NonNullable<Row["group"]> }) {
  const { runId, runName, size } = group;
  return (
    <Line
      {...place}
      className={styles.group}
      heads={2}
      selected={false}
      name={
        <>
          {runId ? (
            <span>
              Run <SourceRun id={runId} name={runName} />
            </span>
          ) : (
            "Without a run"
          )}
          <small className="num">{size}</small>
        </>
      }
      cell={() => null}
    />
  );
}
