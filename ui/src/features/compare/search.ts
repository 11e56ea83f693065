import * as v from "valibot";
import { type Axis, isAxis } from "@/lib/axes.ts";

const text = v.fallback(v.optional(v.string()), undefined);
const list = v.fallback(v.optional(v.array(v.string())), undefined);
const oneOf = <const T extends readonly string[]>(...values: T) =>
  v.fallback(v.optional(v.picklist(values)), undefined);

/** What is compared, and how. */
export const compareSearch = v.object({
  r: list, // runs
  b: text, // the run that others are compared with
  all: oneOf("1"), // equal rows too
  m: oneOf("table", "charts", "images", "files", "code"),
  st: text, // the step of images
  f: text, // the file
  w: text, // the run whose code is laid beside the reference's
  x: v.fallback(v.optional(v.custom<Axis>(isAxis)), undefined), // what lies along charts
  sm: text,
  y: oneOf("log"),
  z: text,
  bd: oneOf("range", "none"),
  k: text,
  p: list, // panels drawn otherwise than the rest
  full: text, // the panel that fills the screen
});

export type CompareSearch = v.InferOutput<typeof compareSearch>;
