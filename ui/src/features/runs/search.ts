import * as v from "valibot";
import { chartParams, list, oneOf, text } from "@/lib/searchParams.ts";

/** The workspace's state in the URL; what is absent is the default. */
export const runsSearch = v.object({
  e: list, // the experiments, where runs of several are shown
  q: text, // filter
  t: text, // when the runs started: 24h, or from..to
  s: text, // sort: -min(metrics.val_loss)
  c: list, // columns
  cw: list, // widths of columns that somebody gave them
  h: list, // columns whose cells are tinted by their value
  fl: list, // metrics that are better the other way than their name says
  pin: list, // columns that stay beside the name
  pr: list, // runs that stay above the others, and in the charts
  b: text, // the run that others are told from
  g: list, // columns that runs are grouped by
  n: oneOf("0", "1"), // nested
  o: list, // open parents
  og: list, // open groups
  state: oneOf("deleted"),
  m: oneOf("table", "split", "charts"),
  r: list, // runs shown in charts, or how many of the first: top:20
  ...chartParams,
  v: text, // the saved view that it came from
  w: list, // panels that somebody added
});

export type RunsSearch = v.InferOutput<typeof runsSearch>;
