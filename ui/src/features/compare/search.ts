import * as v from "valibot";
import { chartParams, fileParams, list, mediaParams, oneOf, text } from "@/lib/searchParams.ts";

/** What is compared, and how. */
export const compareSearch = v.object({
  r: list, // runs
  b: text, // the run that others are compared with
  all: oneOf("1"), // equal rows too
  m: oneOf("table", "charts", "images", "files", "code"),
  ...mediaParams,
  ...fileParams,
  f: text, // the file
  d: oneOf("1"), // the file's difference
  w: text, // the run whose code is laid beside the reference's
  ...chartParams,
});

export type CompareSearch = v.InferOutput<typeof compareSearch>;
