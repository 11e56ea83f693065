import { useQueries, useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { type Sparkline as Line, type Summary, sparklinesOf, summaries } from "@/api/metrics.ts";
import type { Run } from "@/api/runs.ts";
import { Sparkline } from "@/charts/Sparkline.tsx";
import { Card } from "@/components/Card.tsx";
import { CardSearch } from "@/components/CardSearch.tsx";
import { More, useSome } from "@/components/More.tsx";
import { useAddress } from "@/components/useAddress.ts";
import { byName } from "@/lib/byName.ts";
import { formatNumber, toNumber } from "@/lib/format.ts";
import { exactly, isSystem } from "@/lib/metricNames.ts";
import styles from "./Overview.module.css";

const route = getRouteApi("/runs/$runId");
const AT_ONCE = 200; // lines
export const MOST_ROWS = 300;

/** Every metric with its last, smallest and largest value, and at which step. */
export function MetricsCard({ run }: { run: Run }) {
  const { runId } = route.useParams();
  const [{ qm: text = "" }, change] = useAddress();
  const found = useQuery(summaries([run.id], null)).data;
  const byKey = new Map(found?.map((summary) => [summary.key, summary]));
  const keys = Object.keys(run.metrics).sort(
    (a, b) => Number(isSystem(a)) - Number(isSystem(b)) || byName(a, b),
  );
  const matching = keys.filter((key) => key.toLowerCase().includes(text.toLowerCase()));
  const [shown, more] = useSome(matching, MOST_ROWS);
  const lines = useLines(
    run.id,
    shown.filter((key) => (byKey.get(key)?.count ?? 0) > 1),
  );
  return (
    <Card
      title="Metrics"
      count={keys.length}
      aside={
        <CardSearch label="Search metrics" text={text} onText={(qm) => change({ qm })} of={keys.length} />
      }
    >
      {keys.length === 0 ? (
        <p className={styles.none}>
          None yet: <code>mlflow.log_metric("loss", 0.3)</code>
        </p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        <div className={styles.scroll} tabIndex={0}>
          <table className={styles.table}>
            <thead>
              <tr>
                <th scope="col">Metric</th>
                {lines.size > 0 && <th scope="col">Over steps</th>}
                <th scope="col" className={styles.figure}>
                  Last
                </th>
                <th scope="col" className={styles.figure}>
                  Min
                </th>
                <th scope="col" className={styles.figure}>
                  Max
                </th>
              </tr>
            </thead>
            <tbody>
              {shown.map((key) => (
                <tr key={key}>
                  <td>
                    <Link
                      to={isSystem(key) ? "/runs/$runId/system" : "/runs/$runId/charts"}
                      params={{ runId }}
                      search={{ k: exactly(key) }}
                    >
                      {key}
                    </Link>
                  </td>
                  {lines.size > 0 && (
                    <td className={styles.line}>
                      {lines.has(key) && (
                        <Sparkline parts={lines.get(key)?.parts ?? []} color="var(--accent)" />
                      )}
                    </td>
                  )}
                  <Figures last={toNumber(run.metrics[key]?.value)} summary={byKey.get(key)} />
                </tr>
              ))}
            </tbody>
          </table>
          {more && (
            <More
              shown={shown.length}
              all={matching.length}
              onMore={more}
              hint="the search finds the others."
            />
          )}
        </div>
      )}
    </Card>
  );
}

/** Metrics over steps as small lines, by key. */
function useLines(runId: string, keys: readonly string[]): ReadonlyMap<string, Line> {
  const chunks = Array.from({ length: Math.ceil(keys.length / AT_ONCE) }, (_, at) =>
    keys.slice(at * AT_ONCE, (at + 1) * AT_ONCE),
  );
  const read = useQueries({ queries: chunks.map((some) => sparklinesOf([runId], some)) });
  return new Map(read.flatMap(({ data }) => data ?? []).map((line): [string, Line] => [line.key, line]));
}

function Figures({ last, summary }: { last: number; summary: Summary | undefined }) {
  const once = summary?.count === 1;
  return (
    <>
      <Figure value={last} step={once ? null : summary?.last_step} />
      <Figure value={once ? null : summary?.min} step={summary?.min_step} />
      <Figure value={once ? null : summary?.max} step={summary?.max_step} />
    </>
  );
}

function Figure({ value, step }: { value: number | null | undefined; step: number | null | undefined }) {
  if (value === null || value === undefined) return <td className={styles.figure} />;
  return (
    <td className={styles.figure} title={String(value)}>
      {formatNumber(value)}
      <small>{step === null || step === undefined ? "" : `@${step}`}</small>
    </td>
  );
}
