import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { columnsOf, type Column as Known } from "@/api/experiments.ts";
import { Button } from "@/components/Button.tsx";
import { ButtonPopover } from "@/components/ButtonPopover.tsx";
import styles from "@/components/ChoiceList.module.css";
import { Field } from "@/components/Field.tsx";
import { ATTRIBUTES, columnId, columnTitle, parseColumn } from "@/lib/columns.ts";
import { plural } from "@/lib/format.ts";
import { allColumns } from "./defaultColumns.ts";
import type { RunsView } from "./useRunsView.ts";

const GROUPS: readonly [string, (id: string) => boolean][] = [
  ["Metrics", (id) => id.startsWith("metrics.")],
  ["Params", (id) => id.startsWith("params.")],
  ["Attributes", (id) => id in ATTRIBUTES],
  ["Tags", (id) => id.startsWith("tags.")],
];
const MOST = 200; // rows of the list; the search narrows the rest

export function ColumnsMenu({ view }: { view: RunsView }) {
  const chosen = view.columns.map(columnId);
  return (
    <ButtonPopover
      icon="columns"
      label="Columns"
      text={
        <>
          Columns <span className="num">{chosen.length}</span>
        </>
      }
    >
      {() => <Chooser view={view} chosen={chosen} />}
    </ButtonPopover>
  );
}

function Chooser({ view, chosen }: { view: RunsView; chosen: string[] }) {
  const [text, setText] = useState("");
  const known = useQuery(columnsOf(view.experimentIds)).data ?? [];
  const counts = new Map(known.map((column): [string, Known] => [`${column.kind}s.${column.key}`, column]));
  const ids = [...new Set([...chosen, ...allColumns(known), ...Object.keys(ATTRIBUTES)])];
  const matching = ids.filter((id) => id.toLowerCase().includes(text.toLowerCase())).slice(0, MOST);
  const toggle = (id: string) =>
    view.change({ c: chosen.includes(id) ? chosen.filter((one) => one !== id) : [id, ...chosen] }, true); // in sight
  return (
    <div className={styles.panel}>
      <Field
        label="Find a column"
        icon="search"
        value={text}
        onChange={(event) => setText(event.target.value)}
        data-autofocus
      />
      <div className={styles.list}>
        {GROUPS.map(([title, belongs]) => {
          const own = matching.filter((id) => belongs(id) || (title === "Metrics" && id.includes("(")));
          return own.length === 0 ? null : (
            <section key={title} aria-label={title}>
              <h2>{title}</h2>
              {own.map((id) => (
                <label key={id} className={styles.option}>
                  <input type="checkbox" checked={chosen.includes(id)} onChange={() => toggle(id)} />
                  <span title={id}>{titleOf(id)}</span>
                  <small>{counts.has(id) ? plural(counts.get(id)?.runs ?? 0, "run") : ""}</small>
                </label>
              ))}
            </section>
          );
        })}
      </div>
      <div className={styles.actions}>
        <Button look="quiet" onClick={() => view.change({ c: undefined })}>
          Reset
        </Button>
        <Button look="quiet" onClick={() => view.change({ c: [] })}>
          Hide all
        </Button>
      </div>
    </div>
  );
}

function titleOf(id: string): string {
  const column = parseColumn(id);
  if (!column) return id;
  const title = columnTitle(column);
  if (column.kind === "trend") return `${title} over steps`;
  return column.kind === "metric" && column.aggregate !== "last" ? `${title} (${column.aggregate})` : title;
}
