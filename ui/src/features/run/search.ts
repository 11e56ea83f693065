import * as v from "valibot";

const text = v.fallback(v.optional(v.string()), undefined);
const oneOf = <const T extends readonly string[]>(...values: T) =>
  v.fallback(v.optional(v.picklist(values)), undefined);

/** State of a run's page in the URL: charts, and the text its tables are searched by. */
export const runSearch = v.object({
  q: text,
  x: oneOf("step", "wall", "relative"),
  sm: text,
  y: oneOf("log"),
  z: text,
  k: text,
  st: text, // step of images
  line: text, // line of the log
  part: oneOf("changes", "script", "untracked", "packages"), // of the code
});
