import * as v from "valibot";
import { mediaParams, text } from "@/lib/searchParams.ts";

/** Images of an experiment: which runs, how many, and how they lie. */
export const imagesSearch = v.object({ q: text, n: text, ...mediaParams });
