/** The datasets that an experiment's runs used. */
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { datasetsOf, type UsedDataset } from "@/api/datasets.ts";
import { Button } from "@/components/Button.tsx";
import { Chips } from "@/components/Chips.tsx";
import { ExperimentHead } from "@/components/ExperimentHead.tsx";
import { Field } from "@/components/Field.tsx";
import page from "@/components/Page.module.css";
import { Snippet } from "@/components/Snippet.tsx";
import { Empty, Failed, Skeleton } from "@/components/State.tsx";
import { datasetId } from "@/lib/datasetId.ts";
import { plural } from "@/lib/format.ts";
import { useShortcuts } from "@/lib/shortcuts.ts";
import { DatasetDrawer } from "./DatasetDrawer.tsx";
import styles from "./Datasets.module.css";

const route = getRouteApi("/experiments/$experimentId/datasets");

const HOW = `dataset = mlflow.data.from_pandas(frame, name="wine")
with mlflow.start_run():
    mlflow.log_input(dataset, context="training")`;

export function DatasetsPage() {
  const { experimentId } = route.useParams();
  const { q = "", d } = route.useSearch();
  const navigate = route.useNavigate();
  const { data, error, isPending, refetch } = useQuery(datasetsOf(experimentId));
  const change = (part: { q?: string; d?: string }) =>
    void navigate({ search: (before) => ({ ...before, ...part }), replace: true });
  useShortcuts({ Escape: () => d && change({ d: undefined }) });
  const matching = (data ?? []).filter(({ name, digest, contexts }) =>
    `${name} ${digest} ${contexts.join(" ")}`.toLowerCase().includes(q.toLowerCase()),
  );
  return (
    <>
      <ExperimentHead experimentId={experimentId} />
      {isPending ? (
        <Skeleton />
      ) : error ? (
        <Failed error={error} retry={() => refetch()} />
      ) : data.length === 0 ? (
        <Empty title="No datasets yet">
          <p>A dataset appears here when a run logs it:</p>
          <Snippet code={HOW} />
        </Empty>
      ) : (
        <>
          <div className={styles.bar}>
            <Field
              label="Search datasets"
              icon="search"
              shortcut="/"
              type="search"
              value={q}
              onChange={(event) => change({ q: event.target.value || undefined })}
            />
          </div>
          <div className={styles.body} data-open={d !== undefined}>
            {matching.length === 0 ? (
              <Empty title="No dataset matches">
                <Button onClick={() => change({ q: undefined })}>Clear the search</Button>
              </Empty>
            ) : (
              <List datasets={matching} open={d} onOpen={(id) => change({ d: id })} />
            )}
            {d !== undefined && (
              <DatasetDrawer
                key={d}
                id={d}
                experimentId={experimentId}
                onClose={() => change({ d: undefined })}
              />
            )}
          </div>
          <p className={page.foot} aria-live="polite">
            {plural(matching.length, "dataset")}
          </p>
        </>
      )}
    </>
  );
}

interface ListProps {
  datasets: readonly UsedDataset[];
  open: string | undefined;
  onOpen: (id: string) => void;
}

function List({ datasets, open, onOpen }: ListProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section className={styles.scroll} aria-label="Datasets" tabIndex={0}>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Digest</th>
            <th scope="col">Used for</th>
          </tr>
        </thead>
        <tbody>
          {datasets.map(({ name, digest, contexts }) => {
            const id = datasetId(name, digest);
            return (
              <tr key={id} data-open={id === open || undefined}>
                <th scope="row">
                  <button type="button" aria-expanded={id === open} onClick={() => onOpen(id)}>
                    {name}
                  </button>
                </th>
                <td>
                  <code>{digest}</code>
                </td>
                <td>
                  <Chips words={contexts} />
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}
