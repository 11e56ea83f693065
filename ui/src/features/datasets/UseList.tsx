/** Which runs used a dataset, by what for. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { Lineage } from "@/api/datasets.ts";
import { experimentById } from "@/api/experiments.ts";
import { Button } from "@/components/Button.tsx";
import { RunLink } from "@/components/RunLink.tsx";
import { byName } from "@/lib/byName.ts";
import { plural } from "@/lib/format.ts";
import styles from "./Datasets.module.css";

type Use = NonNullable<Lineage["runs"]>[number];

const FIRST = 10; // runs of a context that are named before somebody asks for more

export function UseList({ uses }: { uses: readonly Use[] }) {
  const contexts = [...Map.groupBy(uses, ({ context }) => context ?? "")].sort(([a], [b]) => byName(a, b));
  const experiments = new Set(uses.map(({ experiment_id }) => experiment_id));
  return (
    <section aria-label="Used by">
      <h3>
        Used by <small className="num">{plural(uses.length, "run")}</small>
        {experiments.size > 1 && <small> in {plural(experiments.size, "experiment")}</small>}
      </h3>
      {uses.length === 0 && <p className={styles.quiet}>No run that is still there.</p>}
      {contexts.map(([context, own]) => (
        <Context key={context} context={context} uses={own} several={experiments.size > 1} />
      ))}
    </section>
  );
}

function Context({ context, uses, several }: { context: string; uses: Use[]; several: boolean }) {
  const [most, setMost] = useState(FIRST);
  const runs = [...new Set(uses.map(({ run_id }) => run_id))];
  return (
    <>
      <h4>
        {context || "no context"} <small className="num">{uses.length}</small>
        {runs.length > 1 && (
          <Link className={styles.compare} to="/compare" search={{ r: runs.slice(0, 20) }}>
            Compare {runs.length > 20 ? "the latest 20" : "them"}
          </Link>
        )}
      </h4>
      <ul>
        {uses.slice(0, most).map(({ run_id, experiment_id }) => (
          <li key={run_id}>
            <RunLink id={run_id} />
            {several && <ExperimentName id={experiment_id} />}
          </li>
        ))}
      </ul>
      {uses.length > most && (
        <Button look="quiet" onClick={() => setMost(most + 5 * FIRST)}>
          {uses.length - most} more
        </Button>
      )}
    </>
  );
}

function ExperimentName({ id }: { id: string }) {
  const name = useQuery(experimentById(id)).data?.name;
  return <small>{name ?? ""}</small>;
}
