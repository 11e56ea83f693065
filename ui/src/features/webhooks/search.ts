import * as v from "valibot";

/** Webhooks: the one whose deliveries are shown. */
export const webhooksSearch = v.object({ w: v.fallback(v.optional(v.string()), undefined) });
