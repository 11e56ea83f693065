/** Registered models: their newest version, aliases, tags. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useState } from "react";
import { listedModels } from "@/api/listedModels.ts";
import { createModel } from "@/api/models.ts";
import button from "@/components/Button.module.css";
import { Button } from "@/components/Button.tsx";
import { Choice } from "@/components/Choice.tsx";
import { NameDialog } from "@/components/Dialog.tsx";
import { Field } from "@/components/Field.tsx";
import { Header } from "@/components/Header.tsx";
import page from "@/components/Page.module.css";
import { Segmented } from "@/components/Segmented.tsx";
import { Snippet } from "@/components/Snippet.tsx";
import { Empty, Failed, Fault, Skeleton } from "@/components/State.tsx";
import { quoteKey } from "@/lib/columns.ts";
import { quoteText, toFilter } from "@/lib/filter.ts";
import { plural } from "@/lib/format.ts";
import { useReadable } from "@/lib/useReadable.ts";
import { useSettled } from "@/lib/useSettled.ts";
import { ModelRow } from "./ModelRow.tsx";
import styles from "./Models.module.css";

const route = getRouteApi("/models");

const LATEST = "last_updated_timestamp DESC";

const HOW = `with mlflow.start_run():
    mlflow.sklearn.log_model(model, name="model", registered_model_name="my-model")`;

export function ModelsPage() {
  const { q = "", s, k } = route.useSearch();
  const navigate = route.useNavigate();
  const [creating, setCreating] = useState(false);
  const list = useInfiniteQuery(listedModels(toFilter(useSettled(q, 200), "name"), s ? [LATEST] : [], k));
  const pages = useReadable(list.data?.pages, list.error);
  const models = pages?.flatMap((page) => page.models) ?? [];
  const { metric = "", metrics = [], total = 0 } = pages?.[0] ?? {};
  const change = (part: { q?: string; s?: typeof s; k?: string }, replace = true) =>
    void navigate({ search: (before) => ({ ...before, ...part }), replace });
  return (
    <>
      <Header
        title="Models"
        aside={
          <>
            <Link className={button.button} to="/webhooks" search={{}}>
              Webhooks
            </Link>
            <Button look="primary" icon="plus" onClick={() => setCreating(true)}>
              New model
            </Button>
          </>
        }
      />
      <div className={styles.bar}>
        <Field
          label="Search models"
          icon="search"
          shortcut="/"
          type="search"
          placeholder="Name contains…, or a filter such as tags.team = 'vision'"
          value={q}
          onChange={(event) => change({ q: event.target.value || undefined })}
        />
        <Segmented
          label="Order"
          value={s ?? "name"}
          options={[
            ["name", "Name"],
            ["-last_updated_timestamp", "Latest"],
          ]}
          onChange={(value) => change({ s: value === "name" ? undefined : value }, false)}
        />
      </div>
      {list.error && pages && <Fault>{list.error.message}</Fault>}
      {list.isPending ? (
        <Skeleton />
      ) : list.error && !pages ? (
        <Failed error={list.error} retry={() => list.refetch()} />
      ) : models.length === 0 ? (
        <Empty title={q ? "No model matches" : "No models yet"}>
          {q ? (
            <Button onClick={() => navigate({ search: {} })}>Clear the search</Button>
          ) : (
            <>
              <p>A model appears here when it is logged under a registered name:</p>
              <Snippet code={HOW} />
            </>
          )}
        </Empty>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        <section className={styles.scroll} aria-label="Registered models" tabIndex={0}>
          <table className={styles.table}>
            <thead>
              <tr>
                <th scope="col">Name</th>
                <th scope="col">Latest</th>
                <th scope="col">Versions</th>
                <th scope="col">Aliases</th>
                <th scope="col">Stages</th>
                {metric && (
                  <th scope="col">
                    <TrendChoice metric={metric} metrics={metrics} onChoose={(k) => change({ k })} />
                  </th>
                )}
                <th scope="col">By</th>
                <th scope="col">Changed</th>
                <th scope="col">Tags</th>
              </tr>
            </thead>
            <tbody>
              {models.map((model) => (
                <ModelRow
                  key={model.name}
                  model={model}
                  onTag={(key, value) => change({ q: `tags.${quoteKey(key)} = ${quoteText(value)}` }, false)}
                  withTrend={metric !== ""}
                />
              ))}
            </tbody>
          </table>
          {list.hasNextPage && (
            <p className={styles.more}>
              <Button onClick={() => list.fetchNextPage()}>More models</Button>
            </p>
          )}
        </section>
      )}
      <p className={page.foot} aria-live="polite">
        {pages ? plural(total, "model") : ""}
      </p>
      {creating && (
        <NameDialog
          title="New model"
          label="Name"
          action="Create"
          onClose={() => setCreating(false)}
          submit={async (name) => {
            await createModel(name);
            await navigate({ to: "/models/$name", params: { name }, search: {} });
          }}
        />
      )}
    </>
  );
}

interface TrendChoiceProps {
  metric: string;
  metrics: readonly string[];
  onChoose: (metric: string) => void;
}

/** Of which metric the lines are. */
function TrendChoice({ metric, metrics, onChoose }: TrendChoiceProps) {
  const options = [...new Set([metric, ...metrics])].map((key) => [key, key] as const);
  return (
    <div className={styles.metric}>
      <Choice
        label="Metric over versions"
        place="hidden"
        value={metric}
        options={options}
        onChange={onChoose}
      />
    </div>
  );
}
