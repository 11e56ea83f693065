const LONGEST = 200_000; // characters; reading more of it stops the page for seconds
const DEEPEST = 40; // quotes and lists in each other; thousands overflow the reader's stack
const MARK = "[ \\t]*(?:>|(?:[-*+]|\\d{1,9}[.)])(?=[ \\t]))";
const DEEP = new RegExp(`^(?:${MARK}){${DEEPEST},}|^[ \\t]{${2 * DEEPEST},}(?:[>*+-]|\\d)`, "m");

/** Whether a text is Markdown that a page can bear to read; a few thousand characters are enough to stop it. */
export const readable = (text: string): boolean => text.length <= LONGEST && !DEEP.test(text);
