import type { QueryKey, UseQueryOptions } from "@tanstack/react-query";
import type { Sample, Series } from "@/api/metrics.ts";
import type { Axis } from "@/lib/axes.ts";
import type { Mark } from "./marks.ts";

/** A run, or a group of runs, as charts draw it. */
export interface ShownRun {
  id: string;
  name: string;
  slot: number;
  /** What else is told of it at the cursor: titles and texts, the same titles for all. */
  facts?: readonly (readonly [title: string, text: string])[];
}

/** What lies behind a line: of a run its extremes, of a group its spread or its extremes. */
export type Band = "spread" | "range" | "none";

/** How panels are drawn; all of it lives in the URL. */
export interface ChartOptions {
  axis: Axis;
  smoothing: number;
  logScale: boolean;
  zoom: [number, number] | null;
  band: Band;
  /** Where something began, on the axis that all panels share. */
  marks?: readonly Mark[];
}

/** What one panel has of its own. */
export interface OwnOptions {
  axis?: Axis;
  /** Set where the panel differs from the others. */
  logScale?: boolean;
  /** A logarithmic horizontal axis; points at and below zero have no place on it. */
  logX?: boolean;
  /** The vertical axis leaves out the lowest and the highest two per cent of the values. */
  clipped?: boolean;
  /** From where to where the vertical axis goes; by itself where it is absent. */
  range?: readonly [number, number];
  /** A dot where each point lies. */
  points?: boolean;
  /** Its figures as a table. */
  asTable?: boolean;
  /** Other metrics in the same panel. */
  also?: readonly string[];
}

export type PanelOptions = ChartOptions & Pick<OwnOptions, "logX" | "clipped" | "range" | "points">;

/** Where a panel can go from its menu. */
export interface PanelMoves {
  sections: readonly { title: string; go: () => void }[];
  earlier?: () => void;
  later?: () => void;
}

/** Reads one metric of the runs shown. */
export type ReadSeries = (sample: Sample) => UseQueryOptions<Series[], Error, Series[], QueryKey>;
