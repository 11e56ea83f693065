/** What a model takes and gives, as its MLmodel file says: a row a column or tensor. */
import type { ReactNode } from "react";
import { object } from "@/lib/json.ts";
import { fieldsOf, type SchemaField } from "@/lib/schema.ts";
import { More, useSome } from "./More.tsx";
import styles from "./Signature.module.css";

const PARTS = [
  ["inputs", "Inputs"],
  ["outputs", "Outputs"],
  ["params", "Params"],
] as const;

export function Signature({ signature }: { signature: unknown }) {
  const parts = PARTS.map(([key, title]) => ({
    title,
    fields: fieldsOf(object(signature)[key]),
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
        <Part key={title} title={title} fields={fields} />
      ))}
    </div>
  );
}

const SOME = 200; // rows

function Part({ title, fields }: { title: string; fields: readonly SchemaField[] }) {
  return (
    <FieldTable fields={fields}>
      <caption>
        {title} <small className="num">{fields.length}</small>
      </caption>
      <thead className="sr-only">
        <tr>
          <th scope="col">Name</th>
          <th scope="col">Type</th>
        </tr>
      </thead>
    </FieldTable>
  );
}

/** A row a field; `children` stand above the rows. */
export function FieldTable({ fields, children }: { fields: readonly SchemaField[]; children?: ReactNode }) {
  const [shown, more] = useSome(fields, SOME);
  return (
    <div>
      <table className={styles.table}>
        {children}
        <tbody>
          {shown.map(({ name, type, required }, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: fields may share a name
            <tr key={at}>
              <th scope="row">{name}</th>
              <td>
                <code>{type}</code>
                {!required && <small> optional</small>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {more && (
        <More shown={shown.length} all={fields.length} onMore={more} hint="the file itself has all." />
      )}
    </div>
  );
}
