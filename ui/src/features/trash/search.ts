import * as v from "valibot";

/** The trash's state in the URL: what kind of thing, and a text in its name. */
export const trashSearch = v.object({
  kind: v.fallback(v.optional(v.literal("experiments")), undefined),
  q: v.fallback(v.optional(v.string()), undefined),
});
