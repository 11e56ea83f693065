/** JSON of others, of which nothing is sure. */

export type Json = Record<string, unknown>;

/** What a text is JSON of; null where it is none. */
export function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

export const object = (value: unknown): Json =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : {};

export const array = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

/** A text or a number as text; nothing of what else may stand there. */
export const word = (value: unknown): string =>
  typeof value === "string" || typeof value === "number" ? String(value) : "";

/** The object that a text is JSON of; of other JSON an empty one, and null where it is none. */
export function parsed(text: string): Json | null {
  try {
    return object(JSON.parse(text));
  } catch {
    return null;
  }
}

/** What an object has of its own by a key; keys are anybody's, and one may be called `constructor`. */
export const own = <T>(pairs: Readonly<Record<string, T>>, key: string): T | undefined =>
  Object.hasOwn(pairs, key) ? pairs[key] : undefined;
