/** A model's versions with what their source runs measured; two of them can be laid side by side. */
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { Model, Version } from "@/api/models.ts";
import { Button } from "@/components/Button.tsx";
import { Card } from "@/components/Card.tsx";
import { More, useSome } from "@/components/More.tsx";
import { formatAgo, formatNumber, formatTime } from "@/lib/format.ts";
import { useNow } from "@/lib/useNow.ts";
import { Aliases } from "./Aliases.tsx";
import styles from "./Models.module.css";
import { useSourceRuns, valueIn } from "./sourceRuns.ts";
import { bare, isMetric, ordered, VersionColumns, VersionHead } from "./VersionColumns.tsx";

const SOME = 100; // versions

interface VersionsTableProps {
  model: Model;
  versions: readonly Version[];
  onCompare: (pair: [string, string]) => void;
  /** The columns that somebody chose, and the one that the versions are ordered by, `-` before it for the greatest first. */
  columns: readonly string[] | undefined;
  sort: string;
  change: (part: { c?: string[]; s?: string }) => void;
}

export function VersionsTable(props: VersionsTableProps) {
  const { model, versions, onCompare, sort, change } = props;
  const now = useNow();
  const { runs, all, usual } = useSourceRuns(versions, props.columns, bare(sort));
  const [chosen, setChosen] = useState<string[]>([]);
  const columns = props.columns ?? usual;
  const sorted = ordered(versions, (version) => valueIn(runs.get(version.run_id ?? ""), bare(sort)), sort);
  const [shown, more] = useSome(sorted, SOME);
  const stages = versions.some(({ current_stage }) => current_stage && current_stage !== "None");
  const toggle = (version: string) =>
    setChosen((before) =>
      before.includes(version) ? before.filter((one) => one !== version) : [...before, version].slice(-2),
    );
  return (
    <Card
      title="Versions"
      count={versions.length}
      aside={
        <span className={styles.chips}>
          {all.length > 0 && <VersionColumns {...{ all, columns, usual, change }} />}
          <Button
            disabled={chosen.length !== 2}
            onClick={() => onCompare([...chosen].sort((a, b) => Number(a) - Number(b)) as [string, string])}
          >
            Compare two
          </Button>
        </span>
      }
    >
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <div className={styles.scroll} tabIndex={0}>
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">
                <span className="sr-only">Select</span>
              </th>
              <th scope="col">Version</th>
              <th scope="col">Aliases</th>
              {stages && <th scope="col">Stage</th>}
              {columns.map((column) => (
                <VersionHead key={column} column={column} sort={sort} onSort={(s) => change({ s })} />
              ))}
              <th scope="col">Run</th>
              <th scope="col">Created</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((version) => {
              const run = runs.get(version.run_id ?? "");
              const created = version.creation_timestamp ?? 0;
              return (
                <tr key={version.version}>
                  <td>
                    <input
                      type="checkbox"
                      aria-label={`Select version ${version.version}`}
                      checked={chosen.includes(version.version)}
                      onChange={() => toggle(version.version)}
                    />
                  </td>
                  <th scope="row">
                    <Link
                      to="/models/$name/$version"
                      params={{ name: model.name, version: version.version }}
                      search={{}}
                    >
                      v{version.version}
                    </Link>
                  </th>
                  <td>
                    <Aliases model={model} version={version.version} />
                  </td>
                  {stages && <td>{version.current_stage === "None" ? "" : version.current_stage}</td>}
                  {columns.map((column) => {
                    const value = valueIn(run, column);
                    return (
                      <td key={column} className={isMetric(column) ? styles.figure : "num"}>
                        {typeof value === "number" ? formatNumber(value) : (value ?? "–")}
                      </td>
                    );
                  })}
                  <td>
                    {run && (
                      <Link to="/runs/$runId" params={{ runId: run.id }} search={{}}>
                        {run.name || run.id.slice(0, 8)}
                      </Link>
                    )}
                  </td>
                  <td title={formatTime(created)}>{created ? formatAgo(created, now) : ""}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
        {more && (
          <More shown={shown.length} all={versions.length} onMore={more} hint="the newest come first." />
        )}
      </div>
    </Card>
  );
}
