import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { columnsOf } from "@/api/experiments.ts";
import { Button } from "@/components/Button.tsx";
import { ButtonPopover } from "@/components/ButtonPopover.tsx";
import { Choice } from "@/components/Choice.tsx";
import { Segmented } from "@/components/Segmented.tsx";
import styles from "./AddedPanels.module.css";
import { type Added, formatAdded } from "./addedPanels.ts";
import type { RunsView } from "./useRunsView.ts";

/** A button with a small form: which kind of chart, of which metric. */
export function AddPanel({ view }: { view: RunsView }) {
  return (
    <ButtonPopover icon="plus" compact text="Panel" label="Add a panel">
      {(close) => <Form view={view} onDone={close} />}
    </ButtonPopover>
  );
}

function Form({ view, onDone }: { view: RunsView; onDone: () => void }) {
  const known = useQuery(columnsOf(view.experimentIds)).data ?? [];
  const metrics = known.filter(({ kind }) => kind === "metric").map(({ key }) => `metrics.${key}`);
  const groups = known
    .filter(({ kind, key }) => kind === "param" || (kind === "tag" && !key.startsWith("mlflow.")))
    .filter(({ distinct }) => (distinct ?? 0) > 1)
    .map(({ kind, key }) => `${kind}s.${key}`);
  const [kind, setKind] = useState<Added["kind"]>("box");
  const [metric = metrics[0] ?? "", setMetric] = useState<string>();
  const [by = groups[0] ?? "", setBy] = useState<string>();
  const ready = metric !== "" && (kind === "diff" || by !== "");
  const add = () => {
    const made = formatAdded(kind === "box" ? { kind, metric, by } : { kind, metric });
    view.change({ w: [...(view.search.w ?? []).filter((text) => text !== made), made] });
    onDone();
  };
  return (
    <div className={styles.form}>
      <Segmented
        label="Kind of panel"
        value={kind}
        options={[
          ["box", "Boxes"],
          ["diff", "Differences"],
        ]}
        onChange={setKind}
      />
      <p>
        {kind === "box"
          ? "How a metric is spread over the runs with each value of a param."
          : "How far each run that is shown lies from the baseline."}
      </p>
      <Choice label="Metric" place="above" value={metric} options={named(metrics)} onChange={setMetric} />
      {kind === "box" && (
        <Choice label="Boxes by" place="above" value={by} options={named(groups)} onChange={setBy} />
      )}
      <Button look="primary" disabled={!ready} onClick={add}>
        Add
      </Button>
    </div>
  );
}

const named = (ids: readonly string[]) => ids.map((id) => [id, id.replace(/^\w+\./, "")] as const);
