/** Logged models side by side, against the first of them. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { loggedModelsById } from "@/api/loggedModels.ts";
import { Button, IconButton } from "@/components/Button.tsx";
import { Failed, Skeleton } from "@/components/State.tsx";
import wide from "@/components/WideTable.module.css";
import { plural } from "@/lib/format.ts";
import { differences } from "./differences.ts";
import styles from "./LoggedModels.module.css";
import type { LoggedModelsView } from "./useLoggedModels.ts";

export const MOST_COMPARED = 50;

export function ModelsCompare({ view, ids }: { view: LoggedModelsView; ids: readonly string[] }) {
  const compared = [...new Set(ids)].slice(0, MOST_COMPARED);
  const { data: models = [], error } = useQuery(loggedModelsById(view.experimentId, compared));
  const all = view.search.all === "1";
  const rows = differences(models);
  const equal = rows.filter(({ same }) => same).length;
  const shown = rows.filter(({ same }) => all || !same);
  const without = (id: string) => {
    const left = ids.filter((one) => one !== id);
    view.change({ v: left.length > 1 ? left : undefined });
  };
  return (
    <>
      <div className={styles.bar}>
        <Button icon="left" onClick={() => view.change({ v: undefined, all: undefined })}>
          All models
        </Button>
        <label className={styles.check}>
          <input
            type="checkbox"
            checked={!all}
            onChange={(event) => view.change({ all: event.target.checked ? undefined : "1" })}
          />
          Differences only
        </label>
        <span className={styles.quiet}>{equal ? `${plural(equal, "row")} equal` : ""}</span>
      </div>
      {error && <Failed error={error} />}
      {!models.length && !error ? (
        <Skeleton rows={10} />
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        <section className={wide.scroll} aria-label="Differences" tabIndex={0}>
          <table className={`${wide.table} ${styles.grid}`}>
            <thead>
              <tr>
                <th scope="col">Field</th>
                {models.map(({ id, name, experimentId }) => (
                  <th key={id} scope="col">
                    <span className={styles.name}>
                      <Link
                        to="/experiments/$experimentId/models/$modelId"
                        params={{ experimentId, modelId: id }}
                        title={id}
                      >
                        {name}
                      </Link>
                      <IconButton icon="close" label={`Remove ${name}`} onClick={() => without(id)} />
                    </span>
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {shown.map(({ group, key, on, cells }) => (
                <tr key={`${group} ${key} ${on}`}>
                  <th scope="row">
                    <small>{group}</small> {key} {on && <small>on {on}</small>}
                  </th>
                  {cells.map((cell, at) => (
                    <td
                      // biome-ignore lint/suspicious/noArrayIndexKey: a cell a model, in their order
                      key={at}
                      className={group === "Metrics" ? styles.figure : undefined}
                    >
                      {cell?.text ?? "–"}
                      {cell?.change && <small data-better={cell.better}>{cell.change}</small>}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
          {shown.length === 0 && (
            <p className={styles.more}>These models differ in nothing that was logged.</p>
          )}
        </section>
      )}
    </>
  );
}
