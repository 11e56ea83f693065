/** A card a metric and dataset: the models' values as bars, the best first. */
import { Link } from "@tanstack/react-router";
import type { ModelRow } from "@/api/modelRows.ts";
import { Card } from "@/components/Card.tsx";
import { Empty } from "@/components/State.tsx";
import { formatNumber } from "@/lib/format.ts";
import { smallerIsBetter } from "@/lib/metricNames.ts";
import { type Column, figureOf } from "./columns.ts";
import styles from "./LoggedModels.module.css";
import type { LoggedModelsView } from "./useLoggedModels.ts";

const MOST = 15; // bars of a card

export function ModelsBars({ view }: { view: LoggedModelsView }) {
  const metrics = view.columns.filter(({ kind }) => kind === "metric");
  if (metrics.length === 0) {
    return (
      <Empty title="Nothing was measured of these models">
        <p>
          Name the model when you log: <code>mlflow.log_metric("loss", 0.3, model_id=model_id)</code>
        </p>
      </Empty>
    );
  }
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section className={styles.cards} aria-label="Charts" tabIndex={0}>
      {metrics.map((column) => (
        <Bars key={column.id} column={column} view={view} />
      ))}
    </section>
  );
}

function Bars({ column, view: { rows, experimentId } }: { column: Column; view: LoggedModelsView }) {
  const known = rows.loaded
    .map((model) => ({ model, value: figureOf(model, column) }))
    .filter((one): one is { model: ModelRow; value: number } => Number.isFinite(one.value));
  const sign = smallerIsBetter(column.key) ? 1 : -1;
  const sorted = known.sort((a, b) => sign * (a.value - b.value));
  const values = sorted.map(({ value }) => value);
  const [low, high] = [Math.min(0, ...values), Math.max(0, ...values)];
  const place = (value: number) => `${((value - low) / (high - low || 1)) * 100}%`;
  const size = (value: number) => `${(Math.abs(value) / (high - low || 1)) * 100}%`;
  const on = column.kind === "metric" && column.dataset ? ` on ${column.dataset}` : "";
  return (
    <Card title={`${column.key}${on}`} count={sorted.length}>
      <ul className={styles.bars}>
        {sorted.slice(0, MOST).map(({ model, value }, at) => (
          <li key={model.id}>
            <Link
              to="/experiments/$experimentId/models/$modelId"
              params={{ experimentId, modelId: model.id }}
            >
              {model.name}
            </Link>
            <span className={styles.track} aria-hidden="true">
              <i
                data-best={at === 0 || undefined}
                style={{ left: place(Math.min(0, value)), width: size(value) }}
              />
            </span>
            <span className="num">{formatNumber(value)}</span>
          </li>
        ))}
      </ul>
      {sorted.length > MOST && (
        <p className={styles.note}>
          The best {MOST} of {sorted.length}.
        </p>
      )}
    </Card>
  );
}
