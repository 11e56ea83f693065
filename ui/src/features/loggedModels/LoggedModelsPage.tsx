/** The models that an experiment's runs logged: what was measured of them on which dataset, and what they were given. */
import { useLive } from "@/api/live.ts";
import { Button } from "@/components/Button.tsx";
import { ExperimentHead } from "@/components/ExperimentHead.tsx";
import { useSelection, useSelectionAmong } from "@/components/grid/selection.ts";
import { Snippet } from "@/components/Snippet.tsx";
import { Empty, Failed, Fault, Skeleton } from "@/components/State.tsx";
import { plural } from "@/lib/format.ts";
import { useShortcuts } from "@/lib/shortcuts.ts";
import { ChosenBar, compareTicked } from "./ChosenBar.tsx";
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
  const { rows, search } = view;
  const ticked = useSelection((state) => state.ids.size > 0);
  useSelectionAmong(`models of ${view.experimentId}`);
  useLive([`exp:${view.experimentId}`]);
  useShortcuts({ c: () => compareTicked(view), Escape: useSelection.getState().clear });
  return (
    <>
      <ExperimentHead experimentId={view.experimentId} />
      {search.v ? (
        <ModelsCompare view={view} ids={search.v} />
      ) : (
        <>
          <ModelsToolbar view={view} />
          <Body view={view} />
          {ticked && <ChosenBar view={view} />}
          <footer className={styles.foot}>
            <span aria-live="polite">{rows.isPending ? "" : plural(rows.total, "model")}</span>
            <span className={styles.hints} aria-hidden="true">
              <kbd>j</kbd>
              <kbd>k</kbd> move <kbd>x</kbd> select <kbd>c</kbd> compare <kbd>?</kbd> all shortcuts
            </span>
          </footer>
        </>
      )}
    </>
  );
}

function Body({ view }: { view: LoggedModelsView }) {
  const { rows, search, change } = view;
  const { error, total } = rows;
  if (rows.isPending) return <Skeleton rows={10} />;
  if (total === 0) {
    if (error) return <Failed error={error} retry={rows.refetch} />;
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
        <div className={styles.table}>
          <ModelsGrid key={search.g} view={view} />
        </div>
      )}
    </>
  );
}
