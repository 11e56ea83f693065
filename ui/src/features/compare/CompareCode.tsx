/** The code of two runs: commits, scripts and packages. */
import { useQuery } from "@tanstack/react-query";
import { lazy, type ReactNode, Suspense } from "react";
import { listing, textFile } from "@/api/artifacts.ts";
import { runFiles } from "@/api/files.ts";
import { ENTRY, PACKAGES, parsePackages } from "@/api/origin.ts";
import type { Run } from "@/api/runs.ts";
import { Choice } from "@/components/Choice.tsx";
import { Failed, Skeleton } from "@/components/State.tsx";
import styles from "./CompareCode.module.css";
import type { Compared } from "./useCompared.ts";

const MergeView = lazy(() =>
  import("@/components/code/MergeView.tsx").then(({ MergeView }) => ({ default: MergeView })),
);

export function CompareCode({ compared: { runs, reference, search, change } }: { compared: Compared }) {
  const others = runs.filter(({ id }) => id !== reference?.id);
  const other = others.find(({ id }) => id === search.w) ?? others[0];
  if (!reference || !other) return null;
  return (
    <section className={styles.page} aria-label="Code">
      <header className={styles.bar}>
        <Choice label="Before" value={reference.id} options={named(runs)} onChange={(b) => change({ b })} />
        <Choice label="After" value={other.id} options={named(others)} onChange={(w) => change({ w })} />
      </header>
      <Commits before={reference} after={other} />
      <Scripts before={reference} after={other} />
      <Packages before={reference} after={other} />
    </section>
  );
}

const named = (runs: readonly Run[]) => runs.map(({ id, name }) => [id, name || id] as const);

interface Pair {
  before: Run;
  after: Run;
}

function Commits({ before, after }: Pair) {
  const of = ({ tags }: Run) => tags["mlflow.source.git.commit"]?.slice(0, 12);
  const [from, to] = [of(before), of(after)];
  if (!from && !to) return null;
  return (
    <p>
      {from === to ? "Both at commit " : "Commit "}
      <code>{from ?? "unknown"}</code>
      {from !== to && (
        <>
          {" → "}
          <code>{to ?? "unknown"}</code>
        </>
      )}
    </p>
  );
}

function Card({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className={styles.card} aria-label={title}>
      <h2>{title}</h2>
      {children}
    </section>
  );
}

interface Script {
  text: string | null;
  name: string;
  isPending: boolean;
  error: Error | null;
}

function useScript(runId: string): Script {
  const entries = useQuery(listing(runFiles(runId), ENTRY));
  const path = entries.data?.[0]?.path ?? "";
  const file = useQuery({ ...textFile(runFiles(runId), path), enabled: path !== "" });
  return {
    text: file.data?.text ?? null,
    name: path.slice(path.lastIndexOf("/") + 1),
    isPending: entries.isPending || (path !== "" && file.isPending),
    error: entries.error ?? file.error,
  };
}

function Scripts({ before, after }: Pair) {
  const [from, to] = [useScript(before.id), useScript(after.id)];
  const error = from.error ?? to.error;
  if (error) return <Failed error={error} />;
  if (from.isPending || to.isPending) return <Skeleton rows={6} />;
  const title = `Script ${to.name || from.name}`;
  if (from.text === null && to.text === null)
    return <Card title="Script">Neither run recorded its script.</Card>;
  if (from.text === to.text) return <Card title={title}>The scripts are equal.</Card>;
  return (
    <Card title={title}>
      <Suspense fallback={<Skeleton />}>
        <MergeView before={from.text ?? ""} after={to.text ?? ""} name={to.name || from.name} />
      </Suspense>
    </Card>
  );
}

function Packages({ before, after }: Pair) {
  const { data: from, error } = useQuery(textFile(runFiles(before.id), PACKAGES));
  const { data: to, error: other } = useQuery(textFile(runFiles(after.id), PACKAGES));
  const failure = error ?? other;
  if (failure) return <Failed error={failure} />;
  if (!from || !to) return null;
  const versions = (text: string) => new Map(parsePackages(text).map(({ name, version }) => [name, version]));
  const [was, is] = [versions(from.text), versions(to.text)];
  const changed = [...new Set([...was.keys(), ...is.keys()])]
    .filter((name) => was.get(name) !== is.get(name))
    .sort();
  return (
    <Card title="Packages">
      {changed.length === 0 ? (
        "The packages are equal."
      ) : (
        <table className={styles.packages}>
          <thead>
            <tr>
              <th scope="col">Package</th>
              <th scope="col">Before</th>
              <th scope="col">After</th>
            </tr>
          </thead>
          <tbody>
            {changed.map((name) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td>{was.get(name) ?? "–"}</td>
                <td>{is.get(name) ?? "–"}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Card>
  );
}
