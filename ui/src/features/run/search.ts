import * as v from "valibot";
import { type Axis, isAxis } from "@/lib/axes.ts";

const text = v.fallback(v.optional(v.string()), undefined);
const oneOf = <const T extends readonly string[]>(...values: T) =>
  v.fallback(v.optional(v.picklist(values)), undefined);

/** State of a run's page in the URL: charts, and the text its tables are searched by. */
export const runSearch = v.object({
  q: text,
  x: v.fallback(v.optional(v.custom<Axis>(isAxis)), undefined), // what lies along charts
  sm: text,
  y: oneOf("log"),
  z: text,
  bd: oneOf("range", "none"),
  k: text,
  p: v.fallback(v.optional(v.array(v.string())), undefined), // panels drawn otherwise than the rest
  sec: v.fallback(v.optional(v.array(v.string())), undefined), // sections of panels, where somebody arranged them
  full: text, // the panel that fills the screen
  st: text, // step of images
  lv: oneOf("warning", "error"), // the least level of lines of the log
  line: text, // line of the log
  part: oneOf("changes", "script", "untracked", "packages"), // of the code
});
