import * as v from "valibot";
import { chartParams, fileParams, mediaParams, oneOf, tableParams, text } from "@/lib/searchParams.ts";

/** State of a run's page in the URL: charts, and the text its tables are searched by. */
export const runSearch = v.object({
  q: text,
  ...chartParams,
  ...mediaParams,
  ...fileParams,
  ...tableParams,
  f: text, // the untracked file
  lv: oneOf("warning", "error"), // the least level of lines of the log
  line: text, // line of the log
  part: oneOf("changes", "script", "untracked", "packages"), // of the code
});
