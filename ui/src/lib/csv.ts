/** Comma-separated values, RFC 4180: writing exports, reading the beginning of files. */

const SPECIAL = /[",\r\n]/;
const FORMULA = /^[=+\-@\t]/;

/** A line a row. Text that a spreadsheet would run as a formula gets an apostrophe before it; numbers stay. */
export function toCsv(rows: readonly (readonly (string | number | null)[])[]): string {
  return rows.map((row) => `${row.map(cell).join(",")}\r\n`).join("");
}

function cell(value: string | number | null): string {
  if (value === null) return "";
  const text =
    typeof value === "string" && FORMULA.test(value) && Number.isNaN(Number(value))
      ? `'${value}`
      : String(value);
  return SPECIAL.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The first `most` rows of a text; a row that the text breaks off in is left out when `cut` is true. */
export function parseCsv(text: string, separator: string, most: number, cut = false): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let field = "";
  let quoted = false;
  for (let at = 0; at < text.length && rows.length < most; at += 1) {
    const char = text.charAt(at);
    if (quoted) {
      if (char !== '"') field += char;
      else if (text[at + 1] === '"') {
        field += '"';
        at += 1;
      } else quoted = false;
    } else if (char === '"' && field === "") quoted = true;
    else if (char === separator) [row, field] = [[...row, field], ""];
    else if (char === "\n") {
      rows.push([...row, field.replace(/\r$/, "")]);
      [row, field] = [[], ""];
    } else field += char;
  }
  if (!cut && rows.length < most && (field || row.length)) rows.push([...row, field]);
  return rows;
}
