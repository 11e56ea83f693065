import { Link } from "@tanstack/react-router";
import type { Run } from "@/api/runs.ts";
import { Card } from "@/components/Card.tsx";
import { formatNumber, toNumber } from "@/lib/format.ts";
import styles from "./Models.module.css";

const byName = ([a]: [string, unknown], [b]: [string, unknown]) =>
  a.localeCompare(b, "en", { numeric: true });

/** What the run behind a version measured, and what it was given. */
export function Source({ run }: { run: Run }) {
  const metrics = Object.entries(run.metrics)
    .filter(([key]) => !key.startsWith("system/"))
    .sort(byName);
  const params = Object.entries(run.params).sort(byName);
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
  return (
    <table className={styles.table}>
      <tbody>
        {pairs.map(([key, value]) => (
          <tr key={key}>
            <th scope="row">{key}</th>
            <td className={styles.figure}>{value}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
