/** Schemas of models and datasets as their files write them: JSON, or already read, and not always as agreed. */
import { array, type Json, object, readJson, word } from "./json.ts";

export interface SchemaField {
  name: string;
  type: string;
  required: boolean;
}

/** Column specs `{"type": "double", "name": "x"}` and tensor specs; `unnamed` is what one without a name is called. */
export function fieldsOf(schema: unknown, unnamed = (at: number) => `column ${at}`): SchemaField[] {
  return array(typeof schema === "string" ? readJson(schema) : schema).map((spec, at) => {
    const { name, required, optional } = object(spec);
    return {
      name: name === undefined || name === null ? unnamed(at) : word(name),
      type: typeOf(spec),
      required: required !== false && optional !== true,
    };
  });
}

const DEEPEST = 20; // types in types

function typeOf(given: unknown, depth = 0): string {
  const spec = object(given);
  if (depth > DEEPEST) return "…";
  const inner = (one: unknown) => typeOf(one, depth + 1);
  if (spec.type === "tensor") {
    const tensor = object(spec["tensor-spec"]);
    return `tensor of ${word(tensor.dtype) || "?"}${shapeOf(tensor) || ", shape ()"}`;
  }
  if (spec.type === "array") return `array of ${inner(spec.items)}`;
  if (spec.type === "map") return `map to ${inner(spec.values)}`;
  if (spec.type === "object") {
    const members = Object.entries(object(spec.properties));
    return `{${members.map(([name, value]) => `${name}: ${inner(value)}`).join(", ")}}`;
  }
  return `${word(spec.type) || word(spec.dtype) || "any"}${shapeOf(spec)}`;
}

const shapeOf = ({ shape }: Json): string =>
  Array.isArray(shape) ? `, shape (${shape.map(word).join(", ")})` : "";
