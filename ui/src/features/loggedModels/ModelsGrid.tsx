/** A row a model; metrics stand together by the dataset they were taken on. */
import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import type { LoggedModel } from "@/api/loggedModels.ts";
import { Button } from "@/components/Button.tsx";
import { Icon } from "@/components/Icon.tsx";
import { RunLink } from "@/components/RunLink.tsx";
import wide from "@/components/WideTable.module.css";
import { bestOf, type Column, sortable } from "./columns.ts";
import styles from "./LoggedModels.module.css";
import { ModelCell } from "./ModelCell.tsx";
import type { LoggedModelsView } from "./useLoggedModels.ts";

interface ModelsGridProps {
  view: LoggedModelsView;
  chosen: readonly string[];
  onChosen: (ids: readonly string[]) => void;
}

export function ModelsGrid({ view, chosen, onChosen }: ModelsGridProps) {
  const { models, columns, search, more } = view;
  const best = useMemo(
    () => new Map(columns.map((column) => [column.id, bestOf(models, column)])),
    [models, columns],
  );
  const groups = search.g === "run" ? byRun(models) : [{ runId: null, own: models }];
  const toggle = (id: string) =>
    onChosen(chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section className={wide.scroll} aria-label="Logged models" tabIndex={0}>
      <table className={`${wide.table} ${styles.grid}`}>
        <Head view={view} />
        {groups.map(({ runId, own }) => (
          <tbody key={runId ?? ""}>
            {runId !== null && (
              <tr className={styles.group}>
                <th colSpan={columns.length + 1} scope="rowgroup">
                  {runId ? (
                    <>
                      Run <RunLink id={runId} />
                    </>
                  ) : (
                    "Without a run"
                  )}{" "}
                  <small className="num">{own.length}</small>
                </th>
              </tr>
            )}
            {own.map((model) => (
              <tr key={model.id} data-chosen={chosen.includes(model.id) || undefined}>
                <th scope="row">
                  <span className={styles.name}>
                    <input
                      type="checkbox"
                      aria-label={`Choose ${model.name}`}
                      checked={chosen.includes(model.id)}
                      onChange={() => toggle(model.id)}
                    />
                    <NameLink model={model} />
                  </span>
                </th>
                {columns.map((column) => (
                  <ModelCell
                    key={column.id}
                    model={model}
                    column={column}
                    best={best.get(column.id) ?? null}
                  />
                ))}
              </tr>
            ))}
          </tbody>
        ))}
      </table>
      {more && (
        <p className={styles.more}>
          <Button onClick={more}>More models</Button>
        </p>
      )}
    </section>
  );
}

function NameLink({ model: { name, id, experimentId, status, statusMessage } }: { model: LoggedModel }) {
  return (
    <>
      <Link
        to="/experiments/$experimentId/models/$modelId"
        params={{ experimentId, modelId: id }}
        title={`${name} (${id})`}
      >
        {name}
      </Link>
      {status !== "READY" && (
        <small data-status={status} title={statusMessage || undefined}>
          {status === "PENDING" ? "being logged" : "upload failed"}
        </small>
      )}
    </>
  );
}

/** The datasets above, the columns below. */
function Head({ view: { columns, sort, change } }: { view: LoggedModelsView }) {
  const groups: { id: string; title: string; digest: string; count: number }[] = [];
  for (const column of columns) {
    const id = column.kind === "metric" ? `on ${column.dataset}#${column.digest}` : column.kind;
    const last = groups.at(-1);
    if (last?.id === id) last.count += 1;
    else groups.push({ id, ...groupOf(column), count: 1 });
  }
  return (
    <thead>
      <tr>
        <td />
        {groups.map(({ id, title, digest, count }, at) =>
          title ? (
            // biome-ignore lint/suspicious/noArrayIndexKey: a group may come twice
            <th key={`${id} ${at}`} colSpan={count} scope="colgroup" title={digest || undefined}>
              {title} {digest && <small>{digest}</small>}
            </th>
          ) : (
            // biome-ignore lint/suspicious/noArrayIndexKey: a group may come twice
            <td key={`${id} ${at}`} colSpan={count} />
          ),
        )}
      </tr>
      <tr>
        <HeadCell id="name" title="Model" sort={sort} onSort={(s) => change({ s })} />
        {columns.map((column) => (
          <HeadCell
            key={column.id}
            id={column.id}
            title={column.key}
            figure={column.kind === "metric"}
            sort={sort}
            onSort={sortable(column) ? (s) => change({ s }) : undefined}
          />
        ))}
      </tr>
    </thead>
  );
}

function groupOf(column: Column): { title: string; digest: string } {
  if (column.kind === "metric") return { title: column.dataset || "Metrics", digest: column.digest };
  return { title: column.kind === "param" ? "Params" : "", digest: "" };
}

interface HeadCellProps {
  id: string;
  title: string;
  figure?: boolean;
  sort: string;
  onSort?: (sort: string) => void;
}

function HeadCell({ id, title, figure = false, sort, onSort }: HeadCellProps) {
  const order = sort === id ? "ascending" : sort === `-${id}` ? "descending" : undefined;
  const first = figure ? `-${id}` : id; // of figures the greatest are asked for first
  const other = figure ? id : `-${id}`;
  return (
    <th scope="col" aria-sort={order} data-figure={figure || undefined}>
      {onSort ? (
        <button type="button" title={title} onClick={() => onSort(sort === first ? other : first)}>
          <span>{title}</span>
          {order && <Icon name={order === "ascending" ? "arrowUp" : "arrowDown"} size={12} />}
        </button>
      ) : (
        <span title={title}>{title}</span>
      )}
    </th>
  );
}

function byRun(models: readonly LoggedModel[]): { runId: string; own: LoggedModel[] }[] {
  const groups = Map.groupBy(models, ({ runId }) => runId);
  return [...groups].map(([runId, own]) => ({ runId, own }));
}
