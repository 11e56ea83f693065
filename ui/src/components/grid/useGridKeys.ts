/** The keys of a grid: arrows and Space inside it; j, k, x and Enter from anywhere on the page. */
import { type KeyboardEvent, useState } from "react";
import { type Shortcuts, useShortcuts } from "@/lib/shortcuts.ts";
import { useSelection } from "./selection.ts";

interface GridKeys {
  count: number;
  active: number;
  setActive: (index: number) => void;
  scrollTo: (index: number) => void;
  /** What a row is of; undefined where it is not loaded. */
  idAt: (index: number) => string | undefined;
  open: (id: string) => void;
  /** Told which row keys went to. */
  onMove?: (index: number) => void;
  /** Keys that do something to the row they went to. */
  others?: Record<string, (id: string) => void>;
  /** Keys inside the grid. */
  inside?: Record<string, () => void>;
}

export function useGridKeys({
  count,
  active,
  setActive,
  idAt,
  ...keys
}: GridKeys): (event: KeyboardEvent) => void {
  const { toggle, add } = useSelection();
  const [anchor, setAnchor] = useState(0);
  const move = (to: number) => {
    const next = Math.max(0, Math.min(count - 1, to));
    setActive(next);
    keys.scrollTo(next);
    keys.onMove?.(next);
  };
  const withRow = (action: (id: string) => void) => () => {
    const id = idAt(active);
    if (id) action(id);
  };
  const select = withRow((id) => {
    toggle(id);
    setAnchor(active);
  });
  const selectRange = () => {
    const [from, to] = [Math.min(anchor, active), Math.max(anchor, active)];
    const between = Array.from({ length: to - from + 1 }, (_, at) => idAt(from + at));
    add(between.filter((id) => id !== undefined));
  };
  const open = withRow(keys.open);
  const others: Shortcuts = Object.fromEntries(
    Object.entries(keys.others ?? {}).map(([key, action]) => [key, withRow(action)]),
  );
  useShortcuts({
    ...others,
    j: () => move(active + 1),
    k: () => move(active - 1),
    x: select,
    "Shift+x": selectRange,
    Enter: open,
  });
  return (event) => {
    if (event.target !== event.currentTarget) return;
    const actions: Record<string, () => void> = {
      ArrowDown: () => move(active + 1),
      ArrowUp: () => move(active - 1),
      PageDown: () => move(active + 20),
      PageUp: () => move(active - 20),
      Home: () => move(0),
      End: () => move(count - 1),
      " ": select,
      Enter: open,
      ...keys.inside,
    };
    const action = Object.hasOwn(actions, event.key) ? actions[event.key] : undefined;
    if (!action) return;
    event.preventDefault();
    action();
  };
}
