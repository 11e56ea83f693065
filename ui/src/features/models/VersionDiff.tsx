import { useQuery } from "@tanstack/react-query";
import { modelDocument, modelVersion, type Version } from "@/api/models.ts";
import { runById } from "@/api/runs.ts";
import { Card } from "@/components/Card.tsx";
import { More, useSome } from "@/components/More.tsx";
import { Skeleton } from "@/components/State.tsx";
import styles from "./Models.module.css";
import { useRequirements } from "./useRequirements.ts";
import { type Side, versionRows } from "./versionRows.ts";

const SOME = 300; // rows

/** How a version differs from another one; nothing where none is chosen. */
export function VersionDiff({ version, other }: { version: Version; other: string | null }) {
  const found = useQuery({ ...modelVersion(version.name, other ?? ""), enabled: other !== null });
  const before = useSide(found.data);
  const after = useSide(version);
  const rows = found.data ? versionRows(before, after) : [];
  const [shown, more] = useSome(rows, SOME);
  if (other === null) return null;
  return (
    <Card title={`v${other} → v${version.version}`} count={rows.length}>
      {found.error ? (
        <p className={styles.inset}>{found.error.message}</p>
      ) : !found.data ? (
        <Skeleton rows={4} />
      ) : rows.length === 0 ? (
        <p className={styles.inset}>No difference in metrics, params, signature, model or requirements.</p>
      ) : (
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">Field</th>
              <th scope="col">v{other}</th>
              <th scope="col">v{version.version}</th>
            </tr>
          </thead>
          <tbody>
            {shown.map(({ group, key, before: was, after: is }) => (
              <tr key={`${group} ${key}`}>
                <th scope="row">
                  <small>{group}</small> {key}
                </th>
                <td className="num">{was ?? "–"}</td>
                <td className="num">{is ?? "–"}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {more && (
        <More shown={shown.length} all={rows.length} onMore={more} hint="metrics and params come first." />
      )}
    </Card>
  );
}

function useSide(version: Version | undefined): Side {
  const run = useQuery({
    ...runById(version?.run_id ?? ""),
    enabled: Boolean(version?.run_id),
    retry: false,
  }).data;
  const document = useQuery({
    ...modelDocument(version?.name ?? "", version?.version ?? ""),
    enabled: version !== undefined,
  }).data;
  const requirements = useRequirements(version?.name ?? "", version?.version ?? "");
  return { run, document, requirements };
}
