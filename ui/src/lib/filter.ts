/** The filter language of runs, as far as the filter box needs it: tokens to colour, and free text. */

type TokenKind = "key" | "operator" | "word" | "text" | "number" | "space" | "other";

export interface Token {
  kind: TokenKind;
  text: string;
  start: number;
}

const RULES: readonly [TokenKind, RegExp][] = [
  ["space", /\s+/y],
  ["text", /'[^']*'?/y],
  ["word", /\b(?:and|or|not|like|ilike|in|is|null|between)\b(?![.])/iy],
  [
    "key",
    /(?:metrics?|params?|parameters?|tags?|attributes?|attr|run|datasets?)\.(?:`[^`]*`?|"[^"]*"?|[\w./:-]+)/iy,
  ],
  ["text", /"[^"]*"?/y],
  ["number", /[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+|ms|[smhd])?(?![\w.])/iy],
  ["operator", /!=|<=|>=|[=<>(),]/y],
  ["key", /[A-Za-z_][\w./:-]*/y],
];

/** The text cut into tokens; they join to the text again. */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  for (let start = 0; start < text.length; ) {
    const token = tokenAt(text, start);
    tokens.push(token);
    start += token.text.length;
  }
  return tokens;
}

function tokenAt(text: string, start: number): Token {
  for (const [kind, rule] of RULES) {
    rule.lastIndex = start;
    const match = rule.exec(text);
    if (match) return { kind, text: match[0], start };
  }
  return { kind: "other", text: text.charAt(start), start };
}

/** What is asked for: a filter as it stands, or that one of the fields contains the text. */
export function toFilter(text: string, field = "run_name", ...others: string[]): string {
  const trimmed = text.trim();
  if (!trimmed) return "";
  const words = tokenize(trimmed).filter(({ kind }) => kind !== "space");
  const compares = words.some(
    ({ kind, text: word }, at) => (kind === "operator" && /[=<>]/.test(word)) || isComparison(words, at),
  );
  if (compares) return trimmed;
  return [field, ...others].map((one) => `${one} ILIKE ${quoteText(`%${trimmed}%`)}`).join(" OR ");
}

const FOLLOWED: Record<string, RegExp> = {
  like: /^['"]/,
  ilike: /^['"]/,
  in: /^\(/,
  is: /^(not|null)$/i,
  between: /^['"\d.+-]/,
};

/** Whether a word compares: by what follows it or, while one is typing, by the key before it. */
function isComparison(words: readonly Token[], at: number): boolean {
  const word = words[at] as Token;
  const follows = word.kind === "word" ? FOLLOWED[word.text.toLowerCase()] : undefined;
  const next = words[at + 1];
  return (
    follows !== undefined && (next ? follows.test(next.text) : (words[at - 1]?.text.includes(".") ?? false))
  );
}

/** Text in the quotes it does not contain; where it has both, a double quote stands as any one character. */
export function quoteText(text: string): string {
  if (!text.includes("'")) return `'${text}'`;
  return `"${text.replaceAll('"', "_")}"`;
}
