/** The columns of a grid: which, in which order and width, what the rows stand by; and ways to have them otherwise. */
import type { Sort } from "@/lib/columns.ts";
import { parseWidths, withWidth } from "./ownWidths.ts";

/** What of it stands in the URL. */
export interface ColumnsSearch {
  c?: string[] | undefined;
  pin?: string[] | undefined;
  cw?: string[] | undefined;
}

export interface GridColumns {
  /** The pinned ones come first. */
  ids: readonly string[];
  pinned: number;
  /** Of each column, in pixels. */
  widths: readonly number[];
  sort: Sort;
  setSort: (sort: Sort) => void;
  search: ColumnsSearch;
  change: (part: ColumnsSearch) => void;
}

/** Gives a column a width; null is the usual one. */
export function setWidth({ search, change }: GridColumns, id: string, width: number | null): void {
  change({ cw: withWidth(parseWidths(search.cw ?? []), id, width) });
}
