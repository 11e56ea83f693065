/** What can be done with a column of models: order by it, pin, move, widen, hide. */

import { PlaceItems, SortItems } from "@/components/grid/ColumnItems.tsx";
import type { GridColumns } from "@/components/grid/columns.ts";
import grid from "@/components/grid/Grid.module.css";
import { Icon } from "@/components/Icon.tsx";
import { Menu } from "@/components/Menu.tsx";
import { type Column, sortable } from "./columns.ts";
import styles from "./LoggedModels.module.css";

interface ColumnHeadProps {
  grid: GridColumns;
  column: Column;
  index: number;
}

export function ColumnHead({ grid: columns, column, index }: ColumnHeadProps) {
  return (
    <Menu position="bottom-start">
      <Menu.Target>
        <button type="button" title={column.id}>
          <Direction grid={columns} id={column.id} />
          <span>{column.key}</span>
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {sortable(column) && (
          <>
            <SortItems columns={columns} id={column.id} />
            <Menu.Divider />
          </>
        )}
        <PlaceItems columns={columns} index={index} />
      </Menu.Dropdown>
    </Menu>
  );
}

export function NameHead({ grid: columns }: { grid: GridColumns }) {
  return (
    <span className={`${grid.headCell} ${styles.nameHead}`}>
      <Menu position="bottom-start">
        <Menu.Target>
          <button type="button">
            <Direction grid={columns} id="name" />
            <span>Model</span>
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          <SortItems columns={columns} id="name" />
        </Menu.Dropdown>
      </Menu>
    </span>
  );
}

function Direction({ grid: { sort }, id }: { grid: GridColumns; id: string }) {
  return sort.id === id ? <Icon name={sort.descending ? "arrowDown" : "arrowUp"} size={12} /> : null;
}
