import { useQuery } from "@tanstack/react-query";
import { columnsOf } from "@/api/experiments.ts";
import { Button, Word } from "@/components/Button.tsx";
import { ButtonPopover } from "@/components/ButtonPopover.tsx";
import { CheckList, type CheckOption } from "@/components/CheckList.tsx";
import { ATTRIBUTES, type Column, columnId, columnName, parseColumn } from "@/lib/columns.ts";
import { plural } from "@/lib/format.ts";
import { allColumns } from "./defaultColumns.ts";
import type { RunsView } from "./useRunsView.ts";

const GROUPS: readonly (readonly [string, readonly Column["kind"][]])[] = [
  ["Metrics", ["metric", "trend"]],
  ["Params", ["param"]],
  ["Attributes", ["attribute"]],
  ["Tags", ["tag"]],
];

export function ColumnsMenu({ view }: { view: RunsView }) {
  const chosen = view.columns.map(columnId);
  return (
    <ButtonPopover
      icon="columns"
      label="Columns"
      text={
        <>
          <Word>Columns</Word> <span className="num">{chosen.length}</span>
        </>
      }
    >
      {() => <Chooser view={view} chosen={chosen} />}
    </ButtonPopover>
  );
}

function Chooser({ view, chosen }: { view: RunsView; chosen: string[] }) {
  const known = useQuery(columnsOf(view.experimentIds)).data ?? [];
  const runs = new Map(known.map(({ kind, key, runs }) => [`${kind}s.${key}`, runs]));
  const ids = [...new Set([...chosen, ...allColumns(known), ...Object.keys(ATTRIBUTES)])];
  const byKind = Map.groupBy(ids, (id) => parseColumn(id)?.kind);
  const option = (id: string): CheckOption => {
    const count = runs.get(id);
    return { id, name: columnName(id), hint: count === undefined ? "" : plural(count, "run") };
  };
  const toggle = (id: string) =>
    view.change({ c: chosen.includes(id) ? chosen.filter((one) => one !== id) : [id, ...chosen] }, true); // in sight
  return (
    <CheckList
      label="Find a column"
      groups={GROUPS.map(([title, kinds]) => [
        title,
        kinds.flatMap((kind) => byKind.get(kind) ?? []).map(option),
      ])}
      chosen={chosen}
      onToggle={toggle}
    >
      <Button look="quiet" onClick={() => view.change({ c: undefined })}>
        Reset
      </Button>
      <Button look="quiet" onClick={() => view.change({ c: [] })}>
        Hide all
      </Button>
    </CheckList>
  );
}
