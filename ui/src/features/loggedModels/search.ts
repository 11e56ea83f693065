import * as v from "valibot";
import { fileParams, list, oneOf, tableParams, text } from "@/lib/searchParams.ts";

/** The grid of logged models; what is absent is the default. */
export const loggedModelsSearch = v.object({
  q: text, // filter
  s: text, // sort: a column, with "-" before it for the greatest first
  c: list, // columns
  cw: list, // widths of columns that somebody gave them
  pin: list, // columns that stay beside the name
  d: text, // only models measured on this dataset: name#digest
  g: oneOf("run"), // grouped by source run
  m: oneOf("charts"),
  v: list, // models laid side by side
  all: oneOf("1"), // side by side: equal rows too
});

export type LoggedModelsSearch = v.InferOutput<typeof loggedModelsSearch>;

/** A model: what its metrics and files are searched by. */
export const loggedModelSearch = v.object({ ...fileParams, ...tableParams });
