import * as v from "valibot";

const text = v.fallback(v.optional(v.string()), undefined);

/** Images of an experiment: which runs, how many, and at which step. */
export const imagesSearch = v.object({ q: text, n: text, st: text });
