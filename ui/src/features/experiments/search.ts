import * as v from "valibot";

/** The list's state in the URL: text, order, and whether the trash is shown. */
export const experimentsSearch = v.object({
  q: v.fallback(v.optional(v.string()), undefined),
  s: v.fallback(v.optional(v.picklist(["name", "-last_run_time", "-creation_time"])), undefined),
  state: v.fallback(v.optional(v.literal("deleted")), undefined),
});

export const DEFAULT_SORT = "-last_run_time";
