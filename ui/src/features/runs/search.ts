import * as v from "valibot";
import { type Axis, isAxis } from "@/lib/axes.ts";

const text = v.fallback(v.optional(v.string()), undefined);
const list = v.fallback(v.optional(v.array(v.string())), undefined);
const oneOf = <const T extends readonly string[]>(...values: T) =>
  v.fallback(v.optional(v.picklist(values)), undefined);

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
  state: oneOf("deleted"),
  m: oneOf("table", "split", "charts"),
  r: list, // runs shown in charts, or how many of the first: top:20
  x: v.fallback(v.optional(v.custom<Axis>(isAxis)), undefined), // what lies along charts
  sm: text, // smoothing, 0 to 0.99
  y: oneOf("log"),
  z: text, // zoom: from..to
  v: text, // the saved view that it came from
  bd: oneOf("range", "none"), // what bands show
  p: list, // panels drawn otherwise than the rest
  sec: list, // sections of panels, where somebody arranged them
  w: list, // panels that somebody added
  full: text, // the panel that fills the screen
  k: text, // panels whose key matches
});

export type RunsSearch = v.InferOutput<typeof runsSearch>;
