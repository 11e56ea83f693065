/** View state in the URL: short, readable, and unchanged by a round trip. Values are texts or lists of texts. */

export type Search = Record<string, string | string[]>;

const READABLE = /%(?:2F|3A|3C|3E|3D|24|40|5B|5D|7C|3F)/g;
const LIST = "~"; // marks a list, so that a list of one is no text

/** The part after `?`; empty values are left out. */
export function stringifySearch(search: Record<string, unknown>): string {
  const parts = Object.entries(search).flatMap(([name, value]) => {
    const text = written(value);
    return text === null ? [] : [`${encodeURIComponent(name)}=${text}`];
  });
  return parts.length ? `?${parts.join("&")}` : "";
}

function written(value: unknown): string | null {
  if (value === undefined || value === null || value === "") return null;
  if (!Array.isArray(value)) return readable(escapeMark(String(value)));
  return LIST + value.map((item) => readable(String(item))).join(",");
}

export function parseSearch(text: string): Search {
  const search: Search = {};
  for (const part of text.replace(/^\?/, "").split("&")) {
    const cut = part.indexOf("=");
    if (cut <= 0) continue;
    search[decode(part.slice(0, cut))] = parseValue(part.slice(cut + 1));
  }
  return search;
}

function parseValue(raw: string): string | string[] {
  if (!raw.startsWith(LIST)) return unescapeMark(decode(raw));
  return raw.length === 1
    ? []
    : raw
        .slice(1)
        .split(",")
        .map((item) => decode(item));
}

/** Percent-encodes what has a meaning in a URL's fragment, and nothing else that people like to read. */
function readable(text: string): string {
  const encoded = encodeURIComponent(text.toWellFormed());
  return encoded.replace(READABLE, decodeURIComponent).replaceAll("%20", "+");
}

const escapeMark = (text: string): string => (/^[~\\]/.test(text) ? `\\${text}` : text);
const unescapeMark = (text: string): string => (text.startsWith("\\") ? text.slice(1) : text);

/** A part of an address as text; what no encoder wrote stays as it is. */
export function decode(text: string): string {
  const spaced = text.replaceAll("+", " ");
  try {
    return decodeURIComponent(spaced);
  } catch {
    return spaced; // typed by hand
  }
}
