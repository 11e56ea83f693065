import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { type ModelRow, modelsOfRun } from "@/api/modelRows.ts";
import { versionsOfRuns } from "@/api/models.ts";
import type { Run } from "@/api/runs.ts";
import { Button } from "@/components/Button.tsx";
import { Card } from "@/components/Card.tsx";
import { RegisterDialog } from "@/components/RegisterDialog.tsx";
import styles from "./Overview.module.css";

/** The models a run logged, the versions that were registered of them, and registering more. */
export function MadeModels({ run: { id, experimentId } }: { run: Run }) {
  const [registered, setRegistered] = useState<ModelRow | null>(null);
  const found = useInfiniteQuery(modelsOfRun(experimentId, id));
  const models = found.data?.pages.flatMap((page) => page.models) ?? [];
  const known = new Set(models.map((model) => model.id));
  const versions = useQuery(versionsOfRuns([id])).data ?? [];
  const others = versions.filter(
    ({ model_id }) => !model_id || !(found.hasNextPage || known.has(model_id)), // of files of the run
  );
  if (models.length + others.length === 0) return null;
  return (
    <Card title="Models" count={models.length || others.length}>
      <table className={`${styles.table} ${styles.links}`}>
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Registered</th>
            <th scope="col">
              <span className="sr-only">Actions</span>
            </th>
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
                  <VersionLink key={`${name} ${version}`} {...{ name, version }} />
                ))}
              </td>
              <td className={styles.figure}>
                <Button
                  disabled={model.status !== "READY"}
                  aria-label={`Register ${model.name}`}
                  onClick={() => setRegistered(model)}
                >
                  Register
                </Button>
              </td>
            </tr>
          ))}
          {others.length > 0 && (
            <tr>
              <td>{models.length ? "other files of the run" : "files of the run"}</td>
              <td colSpan={2}>
                {others.map(({ name, version }) => (
                  <VersionLink key={`${name} ${version}`} {...{ name, version }} />
                ))}
              </td>
            </tr>
          )}
        </tbody>
      </table>
      {found.hasNextPage && (
        <p className={styles.inset}>
          <Button onClick={() => found.fetchNextPage()}>More models</Button>
        </p>
      )}
      {registered && (
        <RegisterDialog
          title={`Register ${registered.name}`}
          source={{ source: `models:/${registered.id}`, model_id: registered.id, run_id: id }}
          onClose={() => setRegistered(null)}
        />
      )}
    </Card>
  );
}

function VersionLink({ name, version }: { name: string; version: string }) {
  return (
    <div>
      <Link to="/models/$name/$version" params={{ name, version }} search={{}}>
        {name} v{version}
      </Link>
    </div>
  );
}
