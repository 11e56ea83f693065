/** Jupyter notebooks (nbformat 3 and 4) as cells to draw. What they hold is data: of HTML and SVG nothing is trusted. */
import { type Json, object, parsed } from "@/lib/json.ts";

export type Output =
  | { kind: "text"; text: string; stream: "out" | "err" }
  | { kind: "picture"; url: string; alt: string }
  | { kind: "html"; text: string }
  | { kind: "markdown"; text: string }
  | { kind: "other"; types: string[] };

export interface Cell {
  kind: "code" | "markdown" | "raw";
  text: string;
  /** The number of the run, for code that ran. */
  count: number | null;
  outputs: Output[];
}

const PICTURES = ["image/png", "image/jpeg", "image/gif", "image/webp"] as const;
const BASE64 = /^[A-Za-z0-9+/=\s]+$/;

/** The cells; null where the text is no notebook. */
export function readNotebook(text: string): Cell[] | null {
  const book = parsed(text);
  if (!book) return null;
  const sheets = list(book.worksheets).flatMap((sheet) => list(sheet.cells)); // nbformat 3
  const cells = Array.isArray(book.cells) ? list(book.cells) : sheets;
  if (!Array.isArray(book.cells) && !Array.isArray(book.worksheets)) return null;
  return cells.map(toCell);
}

function toCell(cell: Json): Cell {
  const kind = cell.cell_type === "markdown" || cell.cell_type === "heading" ? "markdown" : cell.cell_type;
  const count = cell.execution_count ?? cell.prompt_number;
  return {
    kind: kind === "code" || kind === "markdown" ? kind : "raw",
    text: joined(cell.source ?? cell.input),
    count: typeof count === "number" ? count : null,
    outputs: list(cell.outputs).flatMap(toOutput),
  };
}

function toOutput(output: Json): Output[] {
  if (output.output_type === "stream") {
    const stream = output.name === "stderr" || output.stream === "stderr" ? "err" : "out";
    return [{ kind: "text", text: joined(output.text), stream }];
  }
  if (output.output_type === "error" || output.output_type === "pyerr") {
    const trace = list(output.traceback as unknown, true).join("\n");
    return [{ kind: "text", text: trace || `${output.ename}: ${output.evalue}`, stream: "err" }];
  }
  return [ofData(output.data ? object(output.data) : olderData(output))];
}

/** nbformat 3 names what is shown by short words beside the output's own members. */
function olderData(output: Json): Json {
  const named: Json = {};
  for (const [short, type] of [
    ["png", "image/png"],
    ["jpeg", "image/jpeg"],
    ["svg", "image/svg+xml"],
    ["html", "text/html"],
    ["text", "text/plain"],
  ] as const) {
    if (output[short] !== undefined) named[type] = output[short];
  }
  return named;
}

/** The richest form that can be drawn without running anything. */
function ofData(data: Json): Output {
  const alt = joined(data["text/plain"]).slice(0, 200) || "Output of the cell";
  for (const type of PICTURES) {
    const bytes = joined(data[type]);
    if (bytes && BASE64.test(bytes)) {
      return { kind: "picture", url: `data:${type};base64,${bytes.replace(/\s/g, "")}`, alt };
    }
  }
  const drawing = joined(data["image/svg+xml"]);
  if (drawing) return { kind: "picture", url: `data:image/svg+xml,${encodeURIComponent(drawing)}`, alt };
  if (data["text/html"] !== undefined) return { kind: "html", text: joined(data["text/html"]) };
  if (data["text/markdown"] !== undefined) return { kind: "markdown", text: joined(data["text/markdown"]) };
  if (data["text/latex"] !== undefined && data["text/plain"] === undefined)
    return { kind: "text", text: joined(data["text/latex"]), stream: "out" };
  if (data["text/plain"] !== undefined)
    return { kind: "text", text: joined(data["text/plain"]), stream: "out" };
  return { kind: "other", types: Object.keys(data) };
}

/** Texts are written whole or as a list of lines with their ends. */
function joined(value: unknown): string {
  if (typeof value === "string") return value;
  return Array.isArray(value) ? value.filter((line) => typeof line === "string").join("") : "";
}

function list(value: unknown, texts: true): string[];
function list(value: unknown): Json[];
function list(value: unknown, texts = false): unknown[] {
  if (!Array.isArray(value)) return [];
  return value.filter((one) => (texts ? typeof one === "string" : typeof one === "object" && one !== null));
}
