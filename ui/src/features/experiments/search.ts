import * as v from "valibot";
import { oneOf, text } from "@/lib/searchParams.ts";

/** The list's state in the URL: text, order, and whether the trash is shown. */
export const experimentsSearch = v.object({
  q: text,
  s: oneOf("name", "-last_run_time", "-creation_time"),
  state: oneOf("deleted"),
});

export const DEFAULT_SORT = "-last_run_time";
