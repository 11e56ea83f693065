import { useQuery } from "@tanstack/react-query";
import { datasetsOf } from "@/api/datasets.ts";
import { Button } from "@/components/Button.tsx";
import { ButtonPopover } from "@/components/ButtonPopover.tsx";
import { CheckList, type CheckOption } from "@/components/CheckList.tsx";
import { Choice } from "@/components/Choice.tsx";
import { Field } from "@/components/Field.tsx";
import { Segmented } from "@/components/Segmented.tsx";
import { datasetId } from "@/lib/datasetId.ts";
import { plural } from "@/lib/format.ts";
import { type Column, metricColumn } from "./columns.ts";
import styles from "./LoggedModels.module.css";
import type { LoggedModelsView } from "./useLoggedModels.ts";

export function ModelsToolbar({ view }: { view: LoggedModelsView }) {
  const { search, change } = view;
  return (
    <div className={styles.bar}>
      <div className={styles.filter}>
        <Field
          label="Filter models"
          icon="search"
          shortcut="/"
          type="search"
          placeholder="Name contains…, or metrics.accuracy > 0.9 and params.depth = '3'"
          value={search.q ?? ""}
          onChange={(event) => change({ q: event.target.value || undefined })}
        />
      </div>
      <DatasetChoice view={view} />
      <label className={styles.check}>
        <input
          type="checkbox"
          checked={search.g === "run"}
          onChange={(event) => change({ g: event.target.checked ? "run" : undefined })}
        />
        By run
      </label>
      <ColumnsMenu view={view} />
      <Segmented
        label="What to show"
        value={search.m ?? "table"}
        options={[
          ["table", "Table"],
          ["charts", "Charts"],
        ]}
        onChange={(to) => change({ m: to === "charts" ? "charts" : undefined })}
      />
    </div>
  );
}

/** Only models that were measured on a dataset. */
function DatasetChoice({ view: { experimentId, search, change, all } }: { view: LoggedModelsView }) {
  const used = useQuery(datasetsOf(experimentId)).data ?? [];
  const measured = all.flatMap((column) =>
    column.kind === "metric" && column.dataset ? datasetId(column.dataset, column.digest) : [],
  );
  const ids = new Set([
    ...(search.d ? [search.d] : []),
    ...measured,
    ...used.map(({ name, digest }) => datasetId(name, digest)),
  ]);
  if (ids.size === 0) return null;
  return (
    <Choice
      label="Measured on"
      place="hidden"
      value={search.d ?? ""}
      options={[
        ["", "on any dataset"],
        ...[...ids].sort().map((id) => [id, `on ${id.replace(/#([^#]*)$/, " ($1)")}`] as const),
      ]}
      onChange={(d) => change({ d: d || undefined })}
    />
  );
}

function ColumnsMenu({ view }: { view: LoggedModelsView }) {
  return (
    <ButtonPopover
      icon="columns"
      label="Columns"
      text={
        <>
          Columns <span className="num">{view.columns.length}</span>
        </>
      }
    >
      {() => <Chooser view={view} />}
    </ButtonPopover>
  );
}

function Chooser({ view: { all, known, columns, change } }: { view: LoggedModelsView }) {
  const shown = columns.map(({ id }) => id);
  const counts = new Map(
    known.map((one) => [
      one.kind === "metric"
        ? metricColumn(one.key, one.dataset_name ?? "", one.dataset_digest ?? "").id
        : `${one.kind}s.${one.key}`,
      one.models,
    ]),
  );
  const offered = [...all, ...columns.filter(({ id }) => !all.some((one) => one.id === id))];
  const toggle = (id: string) =>
    change({ c: shown.includes(id) ? shown.filter((one) => one !== id) : [id, ...shown] }); // in sight
  const group = (kind: Column["kind"]): CheckOption[] =>
    offered
      .filter((one) => one.kind === kind)
      .map((column) => {
        const count = counts.get(column.id);
        return {
          id: column.id,
          name: titleOf(column),
          hint: count === undefined ? "" : plural(count, "model"),
        };
      });
  return (
    <CheckList
      label="Find a column"
      groups={[
        ["About the model", group("fact")],
        ["Metrics", group("metric")],
        ["Params", group("param")],
        ["Tags", group("tag")],
      ]}
      chosen={shown}
      onToggle={toggle}
    >
      <Button look="quiet" onClick={() => change({ c: undefined })}>
        Reset
      </Button>
      <Button look="quiet" onClick={() => change({ c: [] })}>
        Hide all
      </Button>
    </CheckList>
  );
}

const titleOf = (column: Column): string =>
  column.kind === "metric" && column.dataset ? `${column.key} on ${column.dataset}` : column.key;
