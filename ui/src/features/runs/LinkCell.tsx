/** Cells that lead somewhere: to a run's experiment, and to the versions registered from it. */
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Version } from "@/api/models.ts";
import type { RunRow } from "@/api/runRows.ts";
import styles from "@/components/grid/Grid.module.css";

export interface Linked {
  /** Experiments' names by id. */
  experiments: ReadonlyMap<string, string>;
  /** Registered versions by run. */
  versions: ReadonlyMap<string, readonly Version[]>;
}

interface LinkCellProps {
  run: RunRow;
  kind: "experiment_id" | "models";
  linked: Linked;
  index: number;
  width: number;
  left?: number | undefined;
}

/* biome-ignore-start lint/a11y/useSemanticElements lint/a11y/useFocusableInteractive: parts of a grid that is no table */
export function LinkCell({ run, kind, linked, index, width, left }: LinkCellProps) {
  const { title, links } = kind === "models" ? models(run, linked) : experiment(run, linked);
  return (
    <div
      role="gridcell"
      aria-colindex={index + 2}
      className={styles.cell}
      data-pinned={left !== undefined}
      data-none={title === ""}
      style={{ width, left }}
      title={title}
    >
      {title ? links : "–"}
    </div>
  );
}
/* biome-ignore-end lint/a11y/useSemanticElements lint/a11y/useFocusableInteractive: parts of a grid that is no table */

function experiment({ experimentId }: RunRow, { experiments }: Linked): { title: string; links: ReactNode } {
  const title = experiments.get(experimentId) ?? experimentId;
  const link = (
    <Link to="/experiments/$experimentId" params={{ experimentId }} search={{}}>
      {title}
    </Link>
  );
  return { title, links: link };
}

function models({ id }: RunRow, { versions }: Linked): { title: string; links: ReactNode } {
  const own = versions.get(id) ?? [];
  const links = own.map(({ name, version }, at) => (
    <span key={`${name} ${version}`}>
      {at > 0 && ", "}
      <Link to="/models/$name/$version" params={{ name, version: String(version) }} search={{}}>
        {name} v{version}
      </Link>
    </span>
  ));
  return { title: own.map(({ name, version }) => `${name} v${version}`).join(", "), links };
}
