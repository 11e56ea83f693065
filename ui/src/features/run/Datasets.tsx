import { Link } from "@tanstack/react-router";
import type { Run } from "@/api/runs.ts";
import { Card } from "@/components/Card.tsx";
import { datasetId } from "@/lib/datasetId.ts";
import { formatCount } from "@/lib/format.ts";
import { array, parsed, word } from "@/lib/json.ts";
import styles from "./Overview.module.css";

/** The datasets a run used: name, digest, what for, and what their profile says of their size. */
export function Datasets({ run }: { run: Run }) {
  if (run.datasets.length === 0) return null;
  return (
    <Card title="Datasets" count={run.datasets.length}>
      <table className={`${styles.table} ${styles.links}`}>
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Digest</th>
            <th scope="col">Context</th>
            <th scope="col">Size</th>
          </tr>
        </thead>
        <tbody>
          {run.datasets.map(({ dataset, tags }) => {
            const context = tags?.find(({ key }) => key === "mlflow.data.context")?.value ?? "";
            return (
              <tr key={`${dataset.name} ${dataset.digest} ${context}`}>
                <td>
                  <Link
                    to="/experiments/$experimentId/datasets"
                    params={{ experimentId: run.experimentId }}
                    search={{ d: datasetId(dataset.name ?? "", dataset.digest ?? "") }}
                  >
                    {dataset.name}
                  </Link>
                </td>
                <td>
                  <code>{dataset.digest}</code>
                </td>
                <td>{context}</td>
                <td className="num">{sizeOf(dataset.profile)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </Card>
  );
}

/** `{"num_rows": 150, …}` or `{"features_shape": [150, 4], …}`, as the data sets of mlflow.data write it. */
function sizeOf(profile: string | null | undefined): string {
  const { num_rows, features_shape } = parsed(profile ?? "") ?? {};
  if (typeof num_rows === "number" && num_rows) return `${formatCount(num_rows)} rows`;
  return array(features_shape).map(word).join(" × ");
}
