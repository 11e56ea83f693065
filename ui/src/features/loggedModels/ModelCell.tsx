import { Link } from "@tanstack/react-router";
import type { LoggedModel } from "@/api/loggedModels.ts";
import { RunLink } from "@/components/RunLink.tsx";
import { formatAgo, formatNumber, formatTime } from "@/lib/format.ts";
import { own } from "@/lib/json.ts";
import { useNow } from "@/lib/useNow.ts";
import { type Column, type FactId, metricOf } from "./columns.ts";
import styles from "./LoggedModels.module.css";

interface ModelCellProps {
  model: LoggedModel;
  column: Column;
  /** The best value of the column. */
  best: number | null;
}

export function ModelCell({ model, column, best }: ModelCellProps) {
  if (column.kind === "metric") {
    const value = metricOf(model, column);
    return (
      <td
        className={styles.figure}
        data-best={(value !== null && value === best) || undefined}
        title={String(value ?? "")}
      >
        {value === null ? "–" : formatNumber(value)}
      </td>
    );
  }
  if (column.kind === "param") {
    const value = own(model.params, column.key);
    return <td title={value}>{value ?? "–"}</td>;
  }
  return (
    <td>
      <Fact model={model} fact={column.id} />
    </td>
  );
}

function Fact({ model, fact }: { model: LoggedModel; fact: FactId }) {
  const now = useNow();
  switch (fact) {
    case "created":
      return <span title={formatTime(model.created)}>{formatAgo(model.created, now)}</span>;
    case "run":
      return model.runId ? <RunLink id={model.runId} /> : "–";
    case "versions":
      return model.versions.length ? <VersionLinks versions={model.versions} /> : "–";
    case "status":
      return model.status.toLowerCase().replaceAll("_", " ");
    default:
      return model.type || "–";
  }
}

export function VersionLinks({ versions }: { versions: LoggedModel["versions"] }) {
  return (
    <span className={styles.chips}>
      {versions.map(({ name, version }) => (
        <Link
          key={`${name} ${version}`}
          className={styles.version}
          to="/models/$name/$version"
          params={{ name, version }}
          search={{}}
        >
          {name} v{version}
        </Link>
      ))}
    </span>
  );
}
