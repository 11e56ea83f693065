/** JSON laid out with a line a member. Its words stay as they are: reading and writing it would alter long numbers. */

const WORD = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],:]|[^\s"{}[\],:]+|"/gs;
const INDENT = "  ";

/** The text laid out; null where it is laid out already, or is no JSON but for NaN and infinities as Python writes them. */
export function layJson(text: string): string | null {
  if (/^\s*[[{]\s*\n/.test(text) || !isJson(text)) return null;
  const out: string[] = [];
  let depth = 0;
  let empty = false; // whether a bracket was opened just now
  const line = () => out.push("\n", INDENT.repeat(depth));
  for (const [word] of text.matchAll(WORD)) {
    if (word === "}" || word === "]") {
      depth -= 1;
      if (!empty) line();
      out.push(word);
      empty = false;
      continue;
    }
    if (empty) line();
    empty = false;
    out.push(word);
    if (word === "{" || word === "[") {
      depth += 1;
      empty = true;
    } else if (word === ",") line();
    else if (word === ":") out.push(" ");
  }
  return out.join("");
}

function isJson(text: string): boolean {
  const strict = text.replace(WORD, (word) => (/^(?:NaN|-?Infinity)$/.test(word) ? "0" : word));
  try {
    JSON.parse(strict);
    return true;
  } catch {
    return false;
  }
}
