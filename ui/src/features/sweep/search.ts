import * as v from "valibot";
import { list, oneOf, text } from "@/lib/searchParams.ts";

/** The sweep's state in the URL. */
export const sweepSearch = v.object({
  e: list, // the experiments, where runs of several are looked at
  q: text, // filter
  y: text, // target: metrics.loss, min(metrics.loss)
  d: oneOf("min", "max"), // which way is better
  ax: list, // params shown
  lk: list, // how axes are drawn: axis:log,flip
  br: list, // brushes: axis:from..to, parts of an axis
  v: text, // the saved view that it came from
  sx: text, // the scatter's horizontal axis
  cy: text, // the second param of the surface
});

export type SweepSearch = v.InferOutput<typeof sweepSearch>;
