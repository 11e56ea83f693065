import { Menu } from "@mantine/core";
import type { VirtualItem } from "@tanstack/react-virtual";
import type { Run } from "@/api/runs.ts";
import { Icon } from "@/components/Icon.tsx";
import { AGGREGATES, type Column, columnId, columnTitle, isSortable } from "@/lib/columns.ts";
import styles from "./RunsGrid.module.css";
import { useSelection } from "./selection.ts";
import type { RunsView } from "./useRunsView.ts";
import { NAME_WIDTH, widthOf } from "./widths.ts";

interface GridHeadProps {
  view: RunsView;
  cells: VirtualItem[];
  width: number;
  loaded: Run[];
}

/* biome-ignore-start lint/a11y/useSemanticElements lint/a11y/useFocusableInteractive: parts of a grid that is no table */
export function GridHead({ view, cells, width, loaded }: GridHeadProps) {
  const selection = useSelection();
  const all = loaded.length > 0 && loaded.every((run) => selection.ids.has(run.id));
  return (
    <div role="rowgroup" style={{ display: "contents" }}>
      <div className={styles.head} role="row" aria-rowindex={1} style={{ width }}>
        <div
          className={styles.name}
          role="columnheader"
          style={{ width: NAME_WIDTH }}
          aria-sort={ariaSort(view, "run_name")}
        >
          <input
            type="checkbox"
            aria-label="Select all runs that are loaded"
            checked={all}
            onChange={() => (all ? selection.clear() : selection.add(loaded.map((run) => run.id)))}
          />
          Run
        </div>
        <span
          role="presentation"
          style={{ flex: "none", width: (cells[0]?.start ?? NAME_WIDTH) - NAME_WIDTH }}
        />
        {cells.map(({ index }) => {
          const column = view.columns[index] as Column;
          return (
            <div
              key={columnId(column)}
              role="columnheader"
              aria-colindex={index + 2}
              aria-sort={ariaSort(view, columnId(column))}
              className={styles.headCell}
              data-number={column.kind === "metric"}
              style={{ width: widthOf(column) }}
            >
              <HeadMenu view={view} column={column} index={index} />
            </div>
          );
        })}
      </div>
    </div>
  );
}
/* biome-ignore-end lint/a11y/useSemanticElements lint/a11y/useFocusableInteractive: parts of a grid that is no table */

const ariaSort = ({ sort }: RunsView, id: string) =>
  sort.id !== id ? undefined : sort.descending ? "descending" : "ascending";

function HeadMenu({ view, column, index }: { view: RunsView; column: Column; index: number }) {
  const { sort, setSort, columns, change } = view;
  const id = columnId(column);
  const ids = columns.map(columnId);
  const replace = (by: string[]) =>
    change({ c: [...ids.slice(0, index), ...by, ...ids.slice(index + 1)] }, true);
  const move = (to: number) => change({ c: ids.toSpliced(index, 1).toSpliced(to, 0, id) }, true);
  return (
    <Menu position="bottom-start">
      <Menu.Target>
        <button type="button" title={id}>
          {sort.id === id && <Icon name={sort.descending ? "arrowDown" : "arrowUp"} size={12} />}
          <span>{columnTitle(column)}</span>
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
            <Menu.Divider />
          </>
        )}
        {column.kind === "metric" && <Menu.Label>Value of the run</Menu.Label>}
        {column.kind === "metric" &&
          AGGREGATES.map((aggregate) => (
            <Menu.Item
              key={aggregate}
              rightSection={aggregate === column.aggregate ? <Icon name="check" /> : null}
              onClick={() => replace([columnId({ ...column, aggregate })])}
            >
              {aggregate}
            </Menu.Item>
          ))}
        {column.kind === "metric" && <Menu.Divider />}
        <Menu.Item leftSection={<Icon name="left" />} disabled={index === 0} onClick={() => move(index - 1)}>
          Move left
        </Menu.Item>
        <Menu.Item
          leftSection={<Icon name="right" />}
          disabled={index === ids.length - 1}
          onClick={() => move(index + 1)}
        >
          Move right
        </Menu.Item>
        <Menu.Item leftSection={<Icon name="close" />} onClick={() => replace([])}>
          Hide
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
