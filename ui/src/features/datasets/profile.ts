/** What the records of datasets say: their schema and profile as `mlflow.data` writes them, and where they are from. */

export interface SchemaRow {
  name: string;
  type: string;
  required: boolean;
}

type Json = Record<string, unknown>;

/** `{"mlflow_colspec": [{"name", "type"}]}`, or `{"mlflow_tensorspec": {"features": …, "targets": …}}`. */
export function schemaRows(text: string | null | undefined): SchemaRow[] {
  const schema = parsed(text);
  const columns = schema.mlflow_colspec;
  if (Array.isArray(columns)) return columns.map((column) => rowOf(column as Json, ""));
  const tensors = object(schema.mlflow_tensorspec);
  return ["features", "targets"].flatMap((part) => {
    const own = tensors[part];
    const specs = typeof own === "string" ? parse(own) : own;
    return (Array.isArray(specs) ? specs : []).map((spec) => rowOf(spec as Json, part));
  });
}

function rowOf(spec: Json, part: string): SchemaRow {
  const tensor = object(spec["tensor-spec"]);
  const type =
    spec.type === "tensor"
      ? `${String(tensor.dtype ?? "")} (${(Array.isArray(tensor.shape) ? tensor.shape : []).join(", ")})`
      : String(spec.type ?? "");
  const name = String(spec.name ?? "");
  return { name: part && name ? `${part}: ${name}` : name || part, type, required: spec.required !== false };
}

/** The profile's members as they are to be read: `num_rows` is “num rows”. */
export function profileRows(text: string | null | undefined): [name: string, value: string][] {
  return Object.entries(parsed(text)).map(([name, value]) => [name.replaceAll("_", " "), written(value)]);
}

function written(value: unknown): string {
  if (typeof value === "number") return value.toLocaleString("en-US");
  if (Array.isArray(value) && value.every((one) => typeof one === "number")) return value.join(" × ");
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** The source's members: where it is, or which tags of a run tell; a text that is no JSON is the place itself. */
export function sourceRows(text: string): [name: string, value: string][] {
  const read = parse(text);
  if (typeof read !== "object" || read === null) return text ? [["source", text]] : [];
  return Object.entries(read).map(([name, value]) => [name.replaceAll("_", " "), written(value)]);
}

const parsed = (text: string | null | undefined): Json => object(parse(text ?? ""));

const object = (value: unknown): Json =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : {};

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
