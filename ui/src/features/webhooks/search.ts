import * as v from "valibot";
import { list, text } from "@/lib/searchParams.ts";

/** Webhooks: the one whose deliveries are shown, and those of them that are open. */
export const webhooksSearch = v.object({ w: text, d: list });
