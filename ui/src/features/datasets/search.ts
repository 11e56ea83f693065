import * as v from "valibot";

const text = v.fallback(v.optional(v.string()), undefined);

/** The datasets of an experiment: what their names contain, and the one that is open: name#digest. */
export const datasetsSearch = v.object({ q: text, d: text });
