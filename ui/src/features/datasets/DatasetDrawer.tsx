/** One dataset: what it is, where it is from, which runs used it for what, and what was measured on it. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { type Dataset, type Lineage, lineageOf } from "@/api/datasets.ts";
import { IconButton } from "@/components/Button.tsx";
import { More, useSome } from "@/components/More.tsx";
import { FieldTable } from "@/components/Signature.tsx";
import { Failed, Skeleton } from "@/components/State.tsx";
import { copyText } from "@/lib/copy.ts";
import { datasetOf } from "@/lib/datasetId.ts";
import { formatNumber, toNumber } from "@/lib/format.ts";
import styles from "./Datasets.module.css";
import { profileRows, schemaRows, sourceRows } from "./profile.ts";
import { UseList } from "./UseList.tsx";

interface DatasetDrawerProps {
  /** `name#digest`. */
  id: string;
  experimentId: string;
  onClose: () => void;
}

export function DatasetDrawer({ id, experimentId, onClose }: DatasetDrawerProps) {
  const { name, digest } = datasetOf(id);
  const { data, error, isPending, refetch } = useQuery(lineageOf(name, digest));
  const head = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    const opener = document.activeElement;
    head.current?.focus();
    return () => {
      if (document.activeElement === document.body && opener instanceof HTMLElement) opener.focus();
    };
  }, []);
  return (
    <aside className={styles.drawer} aria-label={`Dataset ${name}`}>
      <header>
        <h2 className="cut" ref={head} tabIndex={-1} title={name}>
          {name}
        </h2>
        <IconButton icon="close" label="Close the dataset" onClick={onClose} />
      </header>
      <p className={styles.digest}>
        Digest <code>{digest}</code>
        <IconButton icon="copy" label="Copy the digest" onClick={() => copyText(digest, "Digest")} />
      </p>
      {isPending ? (
        <Skeleton />
      ) : error ? (
        <Failed error={error} retry={() => refetch()} />
      ) : (
        <Told lineage={data} experimentId={experimentId} />
      )}
    </aside>
  );
}

function Told({ lineage, experimentId }: { lineage: Lineage; experimentId: string }) {
  const { datasets = {}, runs = [] } = lineage;
  const record = datasets[experimentId] ?? Object.values(datasets)[0];
  return (
    <>
      {record && <Record record={record} />}
      <UseList uses={runs} />
      <MeasuredModels lineage={lineage} />
    </>
  );
}

function Record({ record: { source_type, source, schema, profile } }: { record: Dataset }) {
  const rows = schemaRows(schema);
  const facts = profileRows(profile);
  return (
    <>
      <Facts title={`Source${source_type ? `: ${source_type}` : ""}`} facts={sourceRows(source ?? "")} />
      <Facts title="Profile" facts={facts} />
      <section aria-label="Schema">
        <h3>
          Schema <small className="num">{rows.length || ""}</small>
        </h3>
        {rows.length === 0 ? (
          <p className={styles.quiet}>None was recorded.</p>
        ) : (
          <FieldTable fields={rows} />
        )}
      </section>
    </>
  );
}

function Facts({ title, facts }: { title: string; facts: [string, string][] }) {
  if (facts.length === 0) return null;
  return (
    <section aria-label={title}>
      <h3>{title}</h3>
      <dl>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

const SOME = 50;

function MeasuredModels({ lineage: { models = [] } }: { lineage: Lineage }) {
  const [shown, more] = useSome(models, SOME);
  if (models.length === 0) return null;
  return (
    <section aria-label="Models measured on it">
      <h3>
        Models measured on it <small className="num">{models.length}</small>
      </h3>
      <table className={styles.schema}>
        <tbody>
          {shown.map(({ experiment_id, model_id, name, metrics }) => (
            <tr key={model_id}>
              <th scope="row">
                <Link
                  to="/experiments/$experimentId/models/$modelId"
                  params={{ experimentId: experiment_id, modelId: model_id }}
                >
                  {name || model_id}
                </Link>
              </th>
              <td className="num">
                {Object.entries(metrics)
                  .map(([key, value]) => `${key} ${formatNumber(toNumber(value))}`)
                  .join(", ")}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {more && <More shown={shown.length} all={models.length} onMore={more} hint="the newest come first." />}
    </section>
  );
}
