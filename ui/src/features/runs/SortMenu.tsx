import { Button, Word } from "@/components/Button.tsx";
import { Icon } from "@/components/Icon.tsx";
import { Menu } from "@/components/Menu.tsx";
import { columnId, columnTitle, isSortable, parseColumn } from "@/lib/columns.ts";
import type { RunsView } from "./useRunsView.ts";

const ALWAYS: readonly [string, string][] = [
  ["start_time", "Created"],
  ["run_name", "Name"],
  ["status", "Status"],
];

export function SortMenu({ view }: { view: RunsView }) {
  const { sort, setSort, columns } = view;
  const shown = columns
    .filter((column) => isSortable(column) && column.kind !== "attribute")
    .map((column): [string, string] => [
      columnId(column),
      columnId(column).replace(/^\w+\./, "") || columnTitle(column),
    ]);
  const options = [...ALWAYS, ...shown];
  /** Whether an order begins with the greatest: the latest runs, the best values. */
  const falls = (id: string) => {
    const column = parseColumn(id);
    return id === "start_time" || (column?.kind === "metric" && !view.smaller(column.key));
  };
  const title = options.find(([id]) => id === sort.id)?.[1] ?? sort.id;
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button data-compact>
          <Word>Sort: {title}</Word> <Icon name={sort.descending ? "arrowDown" : "arrowUp"} size={14} />
        </Button>
      </Menu.Target>
      <Menu.Dropdown mah={420} style={{ overflow: "auto" }}>
        {options.map(([id, text]) => (
          <Menu.Item
            key={id}
            rightSection={
              id === sort.id ? <Icon name={sort.descending ? "arrowDown" : "arrowUp"} size={14} /> : null
            }
            onClick={() => setSort({ id, descending: id === sort.id ? !sort.descending : falls(id) })}
          >
            {text}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
