import { Link } from "@tanstack/react-router";
import type { LoggedModel, Measured } from "@/api/loggedModels.ts";
import { Card } from "@/components/Card.tsx";
import { CardSearch } from "@/components/CardSearch.tsx";
import { RunLink } from "@/components/RunLink.tsx";
import { useAddress } from "@/components/useAddress.ts";
import { byName } from "@/lib/byName.ts";
import { datasetId } from "@/lib/datasetId.ts";
import { formatNumber, toNumber } from "@/lib/format.ts";
import styles from "./ModelPage.module.css";

/** What was measured of the model, by dataset. */
export function MeasuredCard({ model: { metrics, experimentId } }: { model: LoggedModel }) {
  const [{ qm: text = "" }, change] = useAddress();
  const matching = metrics
    .filter(({ key, dataset }) => `${key} ${dataset}`.toLowerCase().includes(text.toLowerCase()))
    .sort((a, b) => byName(a.key, b.key));
  const groups = Map.groupBy(matching, ({ dataset, digest }) => datasetId(dataset, digest));
  const sorted = [...groups].sort(([a], [b]) => byName(a, b));
  return (
    <Card
      title="Metrics"
      count={metrics.length}
      aside={
        <CardSearch label="Search metrics" text={text} onText={(qm) => change({ qm })} of={metrics.length} />
      }
    >
      {metrics.length === 0 ? (
        <p className={styles.none}>
          None yet: <code>mlflow.log_metric("accuracy", 0.9, model_id=model_id)</code>
        </p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        <div className={styles.scroll} tabIndex={0}>
          <table className={styles.table}>
            <thead>
              <tr>
                <th scope="col">Metric</th>
                <th scope="col" className={styles.figure}>
                  Value
                </th>
                <th scope="col" className={styles.figure}>
                  Step
                </th>
                <th scope="col">Logged by</th>
              </tr>
            </thead>
            {sorted.map(([id, own]) => (
              <Group key={id} id={id} own={own} experimentId={experimentId} />
            ))}
          </table>
        </div>
      )}
    </Card>
  );
}

function Group({ id, own, experimentId }: { id: string; own: Measured[]; experimentId: string }) {
  const [{ dataset = "", digest = "" } = {}] = own;
  return (
    <tbody>
      {id && (
        <tr className={styles.group}>
          <th colSpan={4} scope="rowgroup">
            on{" "}
            <Link
              to="/experiments/$experimentId/datasets"
              params={{ experimentId }}
              search={{ d: datasetId(dataset, digest) }}
            >
              {dataset}
            </Link>{" "}
            <small>{digest}</small>
          </th>
        </tr>
      )}
      {own.map(({ key, value, step, runId }) => (
        <tr key={key}>
          <th scope="row">{key}</th>
          <td className={styles.figure} title={String(value)}>
            {formatNumber(toNumber(value))}
          </td>
          <td className={styles.figure}>{step}</td>
          <td>{runId ? <RunLink id={runId} /> : ""}</td>
        </tr>
      ))}
    </tbody>
  );
}
