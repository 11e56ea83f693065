import { Button } from "@/components/Button.tsx";
import { Icon } from "@/components/Icon.tsx";
import { Menu } from "@/components/Menu.tsx";
import { columnId, columnTitle, isSortable } from "@/lib/columns.ts";
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
  const title = options.find(([id]) => id === sort.id)?.[1] ?? sort.id;
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button>
          Sort: {title} <Icon name={sort.descending ? "arrowDown" : "arrowUp"} size={14} />
        </Button>
      </Menu.Target>
      <Menu.Dropdown mah={420} style={{ overflow: "auto" }}>
        {options.map(([id, text]) => (
          <Menu.Item
            key={id}
            rightSection={
              id === sort.id ? <Icon name={sort.descending ? "arrowDown" : "arrowUp"} size={14} /> : null
            }
            onClick={() =>
              setSort({ id, descending: id === sort.id ? !sort.descending : id === "start_time" })
            }
          >
            {text}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
