/** The models that an experiment's runs logged: what was measured of them on which dataset, and what they were given. */
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useLive } from "@/api/live.ts";
import button from "@/components/Button.module.css";
import { Button } from "@/components/Button.tsx";
import { ExperimentHead } from "@/components/ExperimentHead.tsx";
import { Snippet } from "@/components/Snippet.tsx";
import { Empty, Failed, Fault, Skeleton } from "@/components/State.tsx";
import { plural } from "@/lib/format.ts";
import styles from "./LoggedModels.module.css";
import { ModelsBars } from "./ModelsBars.tsx";
import { ModelsCompare } from "./ModelsCompare.tsx";
import { ModelsGrid } from "./ModelsGrid.tsx";
import { ModelsToolbar } from "./ModelsToolbar.tsx";
import { type LoggedModelsView, useLoggedModels } from "./useLoggedModels.ts";

const HOW = `with mlflow.start_run():
    info = mlflow.sklearn.log_model(model, name="model")
    mlflow.log_metric("accuracy", 0.93, model_id=info.model_id, dataset=dataset)`;

export function LoggedModelsPage() {
  const view = useLoggedModels();
  return <Page key={view.experimentId} view={view} />;
}

function Page({ view }: { view: LoggedModelsView }) {
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const compared = view.search.v;
  useLive([`exp:${view.experimentId}`]);
  return (
    <>
      <ExperimentHead experimentId={view.experimentId} />
      {compared ? (
        <ModelsCompare view={view} ids={compared} />
      ) : (
        <>
          <ModelsToolbar view={view} />
          <Body view={view} chosen={chosen} onChosen={setChosen} />
          <footer className={styles.foot}>
            <span aria-live="polite">
              {view.isPending ? "" : `${plural(view.models.length, "model")}${view.more ? " and more" : ""}`}
            </span>
            {chosen.length > 0 && (
              <span className={styles.chosen} role="status">
                {chosen.length} chosen
                <Button
                  look="primary"
                  disabled={chosen.length < 2}
                  onClick={() => view.change({ v: [...chosen] })}
                >
                  Compare
                </Button>
                <CompareRuns view={view} chosen={chosen} />
                <Button onClick={() => setChosen([])}>Clear</Button>
              </span>
            )}
          </footer>
        </>
      )}
    </>
  );
}

/** The runs that made the chosen models, where there are several. */
function CompareRuns({ view, chosen }: { view: LoggedModelsView; chosen: readonly string[] }) {
  const own = view.models.filter(({ id, runId }) => runId && chosen.includes(id));
  const runs = [...new Set(own.map(({ runId }) => runId))];
  if (runs.length < 2) return null;
  return (
    <Link className={button.button} to="/compare" search={{ r: runs }}>
      Compare their runs
    </Link>
  );
}

interface BodyProps {
  view: LoggedModelsView;
  chosen: readonly string[];
  onChosen: (ids: readonly string[]) => void;
}

function Body({ view, chosen, onChosen }: BodyProps) {
  const { models, error, isPending, search, change, refetch } = view;
  if (isPending) return <Skeleton rows={10} />;
  if (models.length === 0) {
    if (error) return <Failed error={error} retry={refetch} />;
    return search.q || search.d ? (
      <Empty title="No model matches">
        <Button onClick={() => change({ q: undefined, d: undefined })}>Clear the filters</Button>
      </Empty>
    ) : (
      <Empty title="No models yet">
        <p>A model appears here when a run logs it:</p>
        <Snippet code={HOW} />
      </Empty>
    );
  }
  return (
    <>
      {error && <Fault>{error.message}</Fault>}
      {search.m === "charts" ? (
        <ModelsBars view={view} />
      ) : (
        <ModelsGrid view={view} chosen={chosen} onChosen={onChosen} />
      )}
    </>
  );
}
