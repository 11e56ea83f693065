/** What can be done with a column: order by it, filter by it, show another figure, pin, move, hide. */
import { Menu, Popover } from "@mantine/core";
import { useState } from "react";
import { Icon } from "@/components/Icon.tsx";
import { AGGREGATES, type Column, columnId, columnTitle, isSortable } from "@/lib/columns.ts";
import { ColumnFilter, isFilterable } from "./ColumnFilter.tsx";
import type { RunsView } from "./useRunsView.ts";

interface HeadMenuProps {
  view: RunsView;
  column: Column;
  index: number;
}

export function HeadMenu({ view, column, index }: HeadMenuProps) {
  const [filtering, setFiltering] = useState(false);
  const { sort, setSort, columns, change, pinned } = view;
  const id = columnId(column);
  const ids = columns.map(columnId);
  const pins = ids.slice(0, pinned);
  const isPinned = index < pinned;
  const replace = (by: string[]) => change({ c: ids.toSpliced(index, 1, ...by) }, true);
  const move = (to: number) => {
    const moved = ids.toSpliced(index, 1).toSpliced(to, 0, id);
    change({ c: moved, ...(isPinned ? { pin: moved.slice(0, pinned) } : {}) }, true);
  };
  const pin = () => {
    const next = isPinned ? pins.filter((one) => one !== id) : [...pins, id];
    change({ c: ids, pin: next.length ? next : undefined }, true);
  };
  const [first, last] = isPinned ? [0, pinned - 1] : [pinned, ids.length - 1];
  return (
    <Popover
      opened={filtering}
      onChange={setFiltering}
      position="bottom-start"
      withRoles={false}
      trapFocus
      withinPortal
    >
      <Popover.Target>
        <span style={{ flex: 1, minWidth: 0 }}>
          <Menu position="bottom-start">
            <Menu.Target>
              <button type="button" title={id}>
                {sort.id === id && <Icon name={sort.descending ? "arrowDown" : "arrowUp"} size={12} />}
                <span>{columnTitle(column)}</span>
                {column.kind === "trend" && <span className="sr-only">over steps</span>}
                {column.kind === "metric" && column.aggregate !== "last" && <small>{column.aggregate}</small>}
              </button>
            </Menu.Target>
            <Menu.Dropdown>
              {isSortable(column) && (
                <>
                  <Menu.Item
                    leftSection={<Icon name="arrowUp" />}
                    onClick={() => setSort({ id, descending: false })}
                  >
                    Smallest first
                  </Menu.Item>
                  <Menu.Item
                    leftSection={<Icon name="arrowDown" />}
                    onClick={() => setSort({ id, descending: true })}
                  >
                    Largest first
                  </Menu.Item>
                </>
              )}
              {isFilterable(column) && (
                <Menu.Item leftSection={<Icon name="filter" />} onClick={() => setFiltering(true)}>
                  Filter by this…
                </Menu.Item>
              )}
              {column.kind === "metric" && <Figures {...{ column, ids, replace }} />}
              {column.kind !== "trend" && <Menu.Divider />}
              <Menu.Item leftSection={<Icon name="pin" />} onClick={pin}>
                {isPinned ? "Unpin" : "Pin beside the name"}
              </Menu.Item>
              <Menu.Item
                leftSection={<Icon name="left" />}
                disabled={index <= first}
                onClick={() => move(index - 1)}
              >
                Move left
              </Menu.Item>
              <Menu.Item
                leftSection={<Icon name="right" />}
                disabled={index >= last}
                onClick={() => move(index + 1)}
              >
                Move right
              </Menu.Item>
              <Menu.Item leftSection={<Icon name="close" />} onClick={() => replace([])}>
                Hide
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        </span>
      </Popover.Target>
      <Popover.Dropdown role="dialog" aria-label={`Filter by ${columnTitle(column)}`}>
        {filtering && <ColumnFilter view={view} column={column} onDone={() => setFiltering(false)} />}
      </Popover.Dropdown>
    </Popover>
  );
}

interface FiguresProps {
  column: Column & { kind: "metric" };
  ids: string[];
  replace: (by: string[]) => void;
}

/** Which of a metric's figures the column shows, and whether a line stands before it. */
function Figures({ column, ids, replace }: FiguresProps) {
  const id = columnId(column);
  const trend = columnId({ kind: "trend", key: column.key });
  return (
    <>
      <Menu.Divider />
      <Menu.Label>Value of the run</Menu.Label>
      {AGGREGATES.map((aggregate) => (
        <Menu.Item
          key={aggregate}
          rightSection={aggregate === column.aggregate ? <Icon name="check" /> : null}
          onClick={() => replace([columnId({ ...column, aggregate })])}
        >
          {aggregate}
        </Menu.Item>
      ))}
      {!ids.includes(trend) && (
        <Menu.Item leftSection={<Icon name="chart" />} onClick={() => replace([trend, id])}>
          Add a line over steps
        </Menu.Item>
      )}
    </>
  );
}
