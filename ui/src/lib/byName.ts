const ENGLISH = new Intl.Collator("en", { numeric: true }); // kept, since making one takes longer than a comparison

/** The order of names: as people sort them, with numbers by size. */
export const byName = ENGLISH.compare;
