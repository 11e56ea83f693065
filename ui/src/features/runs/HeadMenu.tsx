/** What can be done with a column: order by it, filter by it, show another figure, pin, move, hide. */

import { useState } from "react";
import { PlaceItems, SortItems } from "@/components/grid/ColumnItems.tsx";
import { Icon } from "@/components/Icon.tsx";
import { Menu } from "@/components/Menu.tsx";
import { Popover } from "@/components/Popover.tsx";
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
  const { sort, columns, change } = view;
  const id = columnId(column);
  const ids = columns.map(columnId);
  const replace = (by: string[]) => change({ c: ids.toSpliced(index, 1, ...by) }, true);
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
                <span className="cut">{columnTitle(column)}</span>
                {column.kind === "trend" && <span className="sr-only">over steps</span>}
                {column.kind === "metric" && column.aggregate !== "last" && <small>{column.aggregate}</small>}
              </button>
            </Menu.Target>
            <Menu.Dropdown>
              {isSortable(column) && <SortItems columns={view.grid} id={id} />}
              {isFilterable(column) && (
                <Menu.Item leftSection={<Icon name="filter" />} onClick={() => setFiltering(true)}>
                  Filter by this…
                </Menu.Item>
              )}
              {column.kind === "metric" && <Figures {...{ view, column, ids, replace }} />}
              {column.kind !== "trend" && <Menu.Divider />}
              <PlaceItems columns={view.grid} index={index} />
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
  view: RunsView;
  column: Column & { kind: "metric" };
  ids: string[];
  replace: (by: string[]) => void;
}

/** Which of a metric's figures the column shows, which way it is better, its tint, and a line before it. */
function Figures({ view, column, ids, replace }: FiguresProps) {
  const id = columnId(column);
  const trend = columnId({ kind: "trend", key: column.key });
  const { h = [], fl = [] } = view.search;
  const smaller = view.smaller(column.key);
  const turn = () => view.change({ fl: toggled(fl, column.key) }, true);
  const chosen = (name: string, on: boolean, choose: () => void) => (
    <Menu.Item key={name} rightSection={on ? <Icon name="check" /> : null} onClick={choose}>
      {name}
      {on && <span className="sr-only"> (on)</span>}
    </Menu.Item>
  );
  return (
    <>
      <Menu.Divider />
      <Menu.Label>Value of the run</Menu.Label>
      {AGGREGATES.map((aggregate) =>
        chosen(aggregate, aggregate === column.aggregate, () =>
          replace([columnId({ ...column, aggregate })]),
        ),
      )}
      <Menu.Divider />
      {chosen("Smaller is better", smaller, () => smaller || turn())}
      {chosen("Larger is better", !smaller, () => smaller && turn())}
      {chosen("Tint by value", h.includes(id), () => view.change({ h: toggled(h, id) }, true))}
      {!ids.includes(trend) && (
        <Menu.Item leftSection={<Icon name="chart" />} onClick={() => replace([trend, id])}>
          Add a line over steps
        </Menu.Item>
      )}
    </>
  );
}

function toggled(list: readonly string[], one: string): string[] | undefined {
  const after = list.includes(one) ? list.filter((other) => other !== one) : [...list, one];
  return after.length ? after : undefined;
}
