/** What can be done with any column, as items of its menu. */
import { Icon } from "@/components/Icon.tsx";
import { Menu } from "@/components/Menu.tsx";
import { announce } from "@/lib/announce.ts";
import { type GridColumns, setWidth } from "./columns.ts";
import { parseWidths } from "./ownWidths.ts";

const STEP = 24; // pixels

interface ColumnProps {
  columns: GridColumns;
  /** The column's place. */
  index: number;
}

/** Orders rows by a column, or by their name. */
export function SortItems({ columns: { setSort }, id }: { columns: GridColumns; id: string }) {
  return (
    <>
      <Menu.Item leftSection={<Icon name="arrowUp" />} onClick={() => setSort({ id, descending: false })}>
        Smallest first
      </Menu.Item>
      <Menu.Item leftSection={<Icon name="arrowDown" />} onClick={() => setSort({ id, descending: true })}>
        Largest first
      </Menu.Item>
    </>
  );
}

/** Pins the column, moves it, gives it a width, hides it. */
export function PlaceItems({ columns, index }: ColumnProps) {
  const { ids, pinned, change } = columns;
  const id = ids[index] as string;
  const pins = ids.slice(0, pinned);
  const isPinned = index < pinned;
  const move = (to: number) => {
    const moved = ids.toSpliced(index, 1).toSpliced(to, 0, id);
    change({ c: moved, ...(isPinned ? { pin: moved.slice(0, pinned) } : {}) });
    announce(`It is column ${to + 1} of ${ids.length}.`);
  };
  const pin = () => {
    const next = isPinned ? pins.filter((one) => one !== id) : [...pins, id];
    change({ c: [...ids], pin: next.length ? next : undefined });
  };
  const [first, last] = isPinned ? [0, pinned - 1] : [pinned, ids.length - 1];
  return (
    <>
      <Menu.Item leftSection={<Icon name="pin" />} onClick={pin}>
        {isPinned ? "Unpin" : "Pin beside the name"}
      </Menu.Item>
      <Menu.Item leftSection={<Icon name="left" />} disabled={index <= first} onClick={() => move(index - 1)}>
        Move left
      </Menu.Item>
      <Menu.Item leftSection={<Icon name="right" />} disabled={index >= last} onClick={() => move(index + 1)}>
        Move right
      </Menu.Item>
      <Widths columns={columns} index={index} />
      <Menu.Item leftSection={<Icon name="close" />} onClick={() => change({ c: ids.toSpliced(index, 1) })}>
        Hide
      </Menu.Item>
    </>
  );
}

function Widths({ columns, index }: ColumnProps) {
  const id = columns.ids[index] as string;
  const width = columns.widths[index] ?? 0;
  const own = parseWidths(columns.search.cw ?? []).has(id);
  const item = (name: string, to: number | null) => (
    <Menu.Item key={name} closeMenuOnClick={false} onClick={() => setWidth(columns, id, to)}>
      {name}
    </Menu.Item>
  );
  return (
    <>
      {item("Wider", width + STEP)}
      {item("Narrower", width - STEP)}
      {own && item("Usual width", null)}
      <Menu.Divider />
    </>
  );
}
