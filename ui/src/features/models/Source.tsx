import { Link } from "@tanstack/react-router";
import type { Run } from "@/api/runs.ts";
import { Card } from "@/components/Card.tsx";
import { More, useSome } from "@/components/More.tsx";
import { byName } from "@/lib/byName.ts";
import { formatNumber, toNumber } from "@/lib/format.ts";
import { isSystem } from "@/lib/metricNames.ts";
import styles from "./Models.module.css";

const SOME = 300; // rows

/** What the run behind a version measured, and what it was given. */
export function Source({ run }: { run: Run }) {
  const metrics = Object.entries(run.metrics)
    .filter(([key]) => !isSystem(key))
    .sort(([a], [b]) => byName(a, b));
  const params = Object.entries(run.params).sort(([a], [b]) => byName(a, b));
  return (
    <div className={styles.pair}>
      <Card title="Metrics" count={metrics.length}>
        <Pairs pairs={metrics.map(([key, metric]) => [key, formatNumber(toNumber(metric.value))])} />
        <p className={styles.inset}>
          <Link to="/runs/$runId/charts" params={{ runId: run.id }} search={{}}>
            Charts of the run
          </Link>
        </p>
      </Card>
      <Card title="Params" count={params.length}>
        <Pairs pairs={params} />
      </Card>
    </div>
  );
}

function Pairs({ pairs }: { pairs: [string, string][] }) {
  const [shown, more] = useSome(pairs, SOME);
  if (!pairs.length) return <p className={`${styles.inset} ${styles.quiet}`}>The run has none.</p>;
  return (
    <>
      <table className={styles.table}>
        <tbody>
          {shown.map(([key, value]) => (
            <tr key={key}>
              <th scope="row">{key}</th>
              <td className={styles.figure}>{value}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {more && <More shown={shown.length} all={pairs.length} onMore={more} hint="the run itself has all." />}
    </>
  );
}
