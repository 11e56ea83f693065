import * as v from "valibot";
import { text } from "@/lib/searchParams.ts";

/** The datasets of an experiment: what their names contain, and the one that is open: name#digest. */
export const datasetsSearch = v.object({ q: text, d: text });
