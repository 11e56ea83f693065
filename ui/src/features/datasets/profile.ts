/** What the records of datasets say: their schema and profile as `mlflow.data` writes them, and where they are from. */
import { formatCount } from "@/lib/format.ts";
import { object, parsed, readJson } from "@/lib/json.ts";
import { fieldsOf, type SchemaField } from "@/lib/schema.ts";

/** `{"mlflow_colspec": [{"name", "type"}]}`, or `{"mlflow_tensorspec": {"features": …, "targets": …}}`. */
export function schemaRows(text: string | null | undefined): SchemaField[] {
  const schema = parsed(text ?? "") ?? {};
  if (Array.isArray(schema.mlflow_colspec)) return fieldsOf(schema.mlflow_colspec);
  const tensors = object(schema.mlflow_tensorspec);
  return ["features", "targets"].flatMap((part) =>
    fieldsOf(tensors[part], () => "").map(({ name, ...rest }) => ({
      ...rest,
      name: name ? `${part}: ${name}` : part,
    })),
  );
}

/** The profile's members as they are to be read: `num_rows` is “num rows”. */
export const profileRows = (text: string | null | undefined): [name: string, value: string][] =>
  rowsOf(parsed(text ?? "") ?? {});

/** The source's members: where it is, or which tags of a run tell; a text that is no JSON is the place itself. */
export function sourceRows(text: string): [name: string, value: string][] {
  const read = readJson(text);
  if (typeof read !== "object" || read === null) return text ? [["source", text]] : [];
  return rowsOf(read);
}

const rowsOf = (members: object): [name: string, value: string][] =>
  Object.entries(members).map(([name, value]) => [name.replaceAll("_", " "), written(value)]);

function written(value: unknown): string {
  if (typeof value === "number") return formatCount(value);
  if (Array.isArray(value) && value.every((one) => typeof one === "number")) return value.join(" × ");
  return typeof value === "string" ? value : JSON.stringify(value);
}
