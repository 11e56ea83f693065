/** What of a grid is in view, in both directions; the rest is not in the page. */
import { useVirtualizer, type VirtualItem } from "@tanstack/react-virtual";
import { type RefObject, useEffect, useRef } from "react";
import { useSettings } from "@/lib/settings.ts";
import { pinnedLefts } from "./widths.ts";

export const rowHeight = (): number => Number(useSettings.getState().density);

export const HEAD = 34; // pixels of the head's last line

const MOST_STICKY = 8; // pinned rows; more would leave too little of the others

export interface Place {
  index: number;
  top: number;
}

export interface GridFrame {
  box: RefObject<HTMLDivElement | null>;
  /** The rows that are there: all that are pinned, and of the others those in view. */
  places: Place[];
  /** How many of the rows are pinned; they are the first. */
  above: number;
  sticky: boolean;
  /** The columns in view, counted without those that are pinned. */
  cells: VirtualItem[];
  width: number;
  height: number;
  /** Pixels of the head. */
  heads: number;
  scrollTo: (row: number) => void;
  showColumn: (column: number) => void;
}

interface GridSize {
  count: number;
  above?: number;
  widths: readonly number[];
  /** How many of the columns stay in place. */
  pinned: number;
  heads?: number;
  /** Told which rows are in view, those that are pinned not counted. */
  see: (first: number, last: number) => void;
}

export function useGrid({ count, above = 0, widths, pinned, heads = HEAD, see }: GridSize): GridFrame {
  const box = useRef<HTMLDivElement>(null);
  const sticky = above <= MOST_STICKY;
  const lines = useVirtualizer({
    count: count - above,
    getScrollElement: () => box.current,
    estimateSize: rowHeight,
    overscan: 6,
    scrollPaddingEnd: heads + (sticky ? above * rowHeight() : 0), // what sticks to the top takes that from the bottom
    paddingEnd: 56,
  });
  const across = useVirtualizer({
    horizontal: true,
    count: widths.length - pinned,
    getScrollElement: () => box.current,
    estimateSize: (index) => widths[index + pinned] ?? 100,
    overscan: 2,
    paddingStart: pinnedLefts(widths.slice(0, pinned)).end,
  });
  const items = lines.getVirtualItems();
  const [first, last] = [items[0]?.index ?? 0, items.at(-1)?.index ?? 0];
  useEffect(() => see(first, last), [see, first, last]);
  const layout = `${pinned} ${widths.join()}`;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the virtualizer caches widths and is told of new ones
  useEffect(() => across.measure(), [layout]);
  return {
    box,
    places: [
      ...Array.from({ length: above }, (_, index) => ({ index, top: index * rowHeight() })),
      ...items.map(({ index, start }) => ({ index: index + above, top: start })),
    ],
    above,
    sticky,
    cells: across.getVirtualItems(),
    width: across.getTotalSize(),
    height: lines.getTotalSize(),
    heads,
    scrollTo: (row) =>
      row >= above ? lines.scrollToIndex(row - above) : sticky || box.current?.scrollTo({ top: 0 }),
    showColumn: (column) => column >= pinned && across.scrollToIndex(column - pinned, { align: "center" }),
  };
}
