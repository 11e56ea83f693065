/** Panels of other kinds than a metric over steps: boxes, and differences from the baseline. */
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { matrixOf } from "@/api/sweeps.ts";
import { BoxPlot } from "@/charts/BoxPlot.tsx";
import { boxesOf } from "@/charts/boxes.ts";
import panel from "@/charts/Panel.module.css";
import type { ShownRun } from "@/charts/types.ts";
import { IconButton } from "@/components/Button.tsx";
import { columnTitle, parseColumn } from "@/lib/columns.ts";
import { plural } from "@/lib/format.ts";
import styles from "./AddedPanels.module.css";
import { type Added, parseAdded } from "./addedPanels.ts";
import { Differences } from "./Differences.tsx";
import type { RunsView } from "./useRunsView.ts";

const MOST_BOXES = 24;

export function AddedPanels({ view, runs }: { view: RunsView; runs: ShownRun[] }) {
  const texts = view.search.w ?? [];
  const remove = (text: string) => {
    const left = texts.filter((one) => one !== text);
    view.change({ w: left.length ? left : undefined });
  };
  if (!texts.length) return null;
  return (
    <div className={styles.panels}>
      {texts.map((text) => {
        const added = parseAdded(text);
        return (
          added && (
            <Frame key={text} title={titleOf(added)} onRemove={() => remove(text)}>
              {added.kind === "box" ? (
                <Boxes view={view} metric={added.metric} by={added.by} />
              ) : (
                <Differences view={view} runs={runs} metric={added.metric} />
              )}
            </Frame>
          )
        );
      })}
    </div>
  );
}

function nameOf(id: string): string {
  const column = parseColumn(id);
  if (!column) return id;
  const aggregate = column.kind === "metric" && column.aggregate !== "last" ? ` (${column.aggregate})` : "";
  return `${columnTitle(column)}${aggregate}`;
}

const titleOf = (added: Added): string =>
  added.kind === "box"
    ? `${nameOf(added.metric)} by ${nameOf(added.by)}`
    : `${nameOf(added.metric)}, from the baseline`;

function Frame({ title, onRemove, children }: { title: string; onRemove: () => void; children: ReactNode }) {
  return (
    <section className={panel.panel} aria-label={title}>
      <header>
        <h2 title={title}>{title}</h2>
        <IconButton icon="close" label={`Remove ${title}`} onClick={onRemove} />
      </header>
      {children}
    </section>
  );
}

function Boxes({ view, metric, by }: { view: RunsView; metric: string; by: string }) {
  const { data: matrix, error } = useQuery(matrixOf(view.flat, [by, metric]));
  if (error) return <p role="alert">{error.message}</p>;
  if (!matrix) return <div className={styles.wait} />;
  const { boxes, left } = boxesOf(matrix.values[0] ?? [], matrix.values[1] ?? [], MOST_BOXES);
  if (!boxes.length) return <p className={styles.note}>No run has both.</p>;
  return (
    <>
      <BoxPlot label={`${nameOf(metric)} by ${nameOf(by)}, ${boxes.length} boxes`} boxes={boxes} />
      {left > 0 && <p className={styles.note}>{plural(left, "value")} with fewer runs are left out.</p>}
    </>
  );
}
