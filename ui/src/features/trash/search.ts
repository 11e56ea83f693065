import * as v from "valibot";
import { oneOf, text } from "@/lib/searchParams.ts";

/** The trash's state in the URL: what kind of thing, and a text in its name. */
export const trashSearch = v.object({
  kind: oneOf("experiments"),
  q: text,
});
