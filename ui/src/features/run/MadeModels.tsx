import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { loggedModelList } from "@/api/loggedModels.ts";
import type { Run } from "@/api/runs.ts";
import { Card } from "@/components/Card.tsx";
import styles from "./Overview.module.css";

/** The models a run logged, and the versions that were registered of them. */
export function MadeModels({ run: { id, experimentId } }: { run: Run }) {
  const filter = `source_run_id = '${id}'`;
  const found = useInfiniteQuery(loggedModelList({ experimentId, filter, order: null, dataset: null }));
  const models = found.data?.pages.flatMap((page) => page.models) ?? [];
  if (models.length === 0) return null;
  return (
    <Card title="Models" count={models.length}>
      <table className={`${styles.table} ${styles.links}`}>
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Registered</th>
          </tr>
        </thead>
        <tbody>
          {models.map((model) => (
            <tr key={model.id}>
              <td>
                <Link
                  to="/experiments/$experimentId/models/$modelId"
                  params={{ experimentId, modelId: model.id }}
                >
                  {model.name}
                </Link>
              </td>
              <td>
                {model.versions.map(({ name, version }) => (
                  <div key={`${name} ${version}`}>
                    <Link to="/models/$name/$version" params={{ name, version }} search={{}}>
                      {name} v{version}
                    </Link>
                  </div>
                ))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  );
}
