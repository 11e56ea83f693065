/** Imported before the router, which reads the address when it is made. */
import { translateLinks } from "./legacyLinks.ts";

translateLinks();
