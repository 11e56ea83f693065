import * as v from "valibot";
import { fileParams, list, oneOf, text } from "@/lib/searchParams.ts";

/** The list: text or filter, order, and the metric that lines are drawn of. */
export const modelsSearch = v.object({
  q: text,
  s: oneOf("-last_updated_timestamp"),
  k: text,
});

/** A model: columns of its versions and which they are ordered by, or the time it is shown as of, in UTC milliseconds. */
export const modelSearch = v.object({ c: list, s: text, at: text });

/** A version: the one it is compared with. */
export const versionSearch = v.object({ with: text, ...fileParams });
