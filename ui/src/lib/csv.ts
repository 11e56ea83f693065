/** Comma-separated values, RFC 4180. */

const SPECIAL = /[",\r\n]/;
const FORMULA = /^[=+\-@\t\r\n]/;

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
