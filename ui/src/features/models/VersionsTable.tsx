/** A model's versions with what their source runs measured; two of them can be laid side by side. */
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { Model, Version } from "@/api/models.ts";
import { Button } from "@/components/Button.tsx";
import { Card } from "@/components/Card.tsx";
import { More, useSome } from "@/components/More.tsx";
import { formatAgo, formatNumber, formatTime, toNumber } from "@/lib/format.ts";
import { own } from "@/lib/json.ts";
import { useNow } from "@/lib/useNow.ts";
import { Aliases } from "./Aliases.tsx";
import styles from "./Models.module.css";
import { columnsOf, useSourceRuns } from "./sourceRuns.ts";

const SOME = 100; // versions

interface VersionsTableProps {
  model: Model;
  versions: readonly Version[];
  onCompare: (pair: [string, string]) => void;
}

export function VersionsTable({ model, versions, onCompare }: VersionsTableProps) {
  const now = useNow();
  const runs = useSourceRuns(versions);
  const [shown, more] = useSome(versions, SOME);
  const [chosen, setChosen] = useState<string[]>([]);
  const sources = [...runs.values()];
  const metrics = columnsOf(sources, "metrics", 4);
  const params = columnsOf(sources, "params", 3);
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
        <Button
          disabled={chosen.length !== 2}
          onClick={() => onCompare([...chosen].sort((a, b) => Number(a) - Number(b)) as [string, string])}
        >
          Compare two
        </Button>
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
              {metrics.map((key) => (
                <th key={key} scope="col" className={styles.figure}>
                  {key}
                </th>
              ))}
              {params.map((key) => (
                <th key={key} scope="col">
                  {key}
                </th>
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
                  {metrics.map((key) => {
                    const metric = run && own(run.metrics, key);
                    return (
                      <td key={key} className={styles.figure}>
                        {metric ? formatNumber(toNumber(metric.value)) : "–"}
                      </td>
                    );
                  })}
                  {params.map((key) => (
                    <td key={key} className="num">
                      {(run && own(run.params, key)) ?? "–"}
                    </td>
                  ))}
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
