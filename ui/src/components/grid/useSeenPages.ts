import { useCallback, useMemo, useRef, useState } from "react";
import { atOnce } from "@/lib/atOnce.ts";

const DRAGGING = 100; // milliseconds between pages that are passed

/**
 * The pages of so many rows that are in view, and what tells which rows are; of pages that somebody drags past only some
 * are told, so that the others are not read.
 */
export function useSeenPages(size: number) {
  const [seen, setSeen] = useState<[first: number, last: number]>([0, 0]);
  const asked = useRef("0,0");
  const show = useMemo(() => atOnce((pages: [number, number]) => setSeen(pages), DRAGGING), []);
  const see = useCallback(
    (from: number, to: number) => {
      const pages: [number, number] = [Math.floor(from / size), Math.floor(Math.max(from, to) / size)];
      if (asked.current !== pages.join()) show(pages);
      asked.current = pages.join();
    },
    [show, size],
  );
  return [seen, see] as const;
}
