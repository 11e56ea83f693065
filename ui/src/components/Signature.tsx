/** What a model takes and gives, as its MLmodel file says: a row a column or tensor. */
import styles from "./Signature.module.css";

export interface Field {
  name: string;
  type: string;
  required: boolean;
}

/** Column specs `{"type": "double", "name": "x"}` and tensor specs, in JSON or already read. */
export function fieldsOf(schema: unknown): Field[] {
  const list = typeof schema === "string" ? parsed(schema) : schema;
  if (!Array.isArray(list)) return [];
  return list.map((spec: Record<string, unknown>, at) => ({
    name: String(spec.name ?? `column ${at}`),
    type: typeOf(spec),
    required: spec.required !== false && spec.optional !== true,
  }));
}

function typeOf(spec: Record<string, unknown>): string {
  if (spec.type === "tensor") {
    const tensor = (spec["tensor-spec"] ?? {}) as { dtype?: string; shape?: number[] };
    return `tensor of ${tensor.dtype ?? "?"}, shape (${(tensor.shape ?? []).join(", ")})`;
  }
  if (spec.type === "array") return `array of ${typeOf((spec.items ?? {}) as Record<string, unknown>)}`;
  if (spec.type === "map") return `map to ${typeOf((spec.values ?? {}) as Record<string, unknown>)}`;
  if (spec.type === "object") {
    const members = Object.entries((spec.properties ?? {}) as Record<string, Record<string, unknown>>);
    return `{${members.map(([name, value]) => `${name}: ${typeOf(value)}`).join(", ")}}`;
  }
  const shape = Array.isArray(spec.shape) ? `, shape (${spec.shape.join(", ")})` : "";
  return `${String(spec.type ?? spec.dtype ?? "any")}${shape}`;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const PARTS = [
  ["inputs", "Inputs"],
  ["outputs", "Outputs"],
  ["params", "Params"],
] as const;

export function Signature({ signature }: { signature: unknown }) {
  const parts = PARTS.map(([key, title]) => ({
    title,
    fields: fieldsOf((signature as Record<string, unknown> | null)?.[key]),
  })).filter(({ fields }) => fields.length);
  if (!parts.length) {
    return (
      <p className={styles.none}>
        No signature; give <code>input_example=</code> or <code>signature=</code> when logging the model.
      </p>
    );
  }
  return (
    <div className={styles.parts}>
      {parts.map(({ title, fields }) => (
        <table key={title} className={styles.table}>
          <caption>
            {title} <small className="num">{fields.length}</small>
          </caption>
          <thead className="sr-only">
            <tr>
              <th scope="col">Name</th>
              <th scope="col">Type</th>
            </tr>
          </thead>
          <tbody>
            {fields.map(({ name, type, required }) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td>
                  <code>{type}</code>
                  {!required && <small> optional</small>}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      ))}
    </div>
  );
}
