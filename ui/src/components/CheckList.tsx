/** Things to tick, in groups; found by a part of their names where there are many. */
import { type ReactNode, useState } from "react";
import { formatCount } from "@/lib/format.ts";
import styles from "./ChoiceList.module.css";
import { Field } from "./Field.tsx";

const MOST = 200; // rows of the list; the search narrows the rest

export interface CheckOption {
  id: string;
  name: string;
  /** Beside the name. */
  hint?: string;
}

interface CheckListProps {
  /** What is looked for. */
  label: string;
  groups: readonly (readonly [title: string, options: readonly CheckOption[]])[];
  chosen: readonly string[];
  onToggle: (id: string) => void;
  /** Below the list. */
  children: ReactNode;
}

export function CheckList({ label, groups, chosen, onToggle, children }: CheckListProps) {
  const [text, setText] = useState("");
  const wanted = text.toLowerCase();
  const found = groups.map(
    ([title, options]) => [title, options.filter((one) => matches(one, wanted))] as const,
  );
  const count = found.reduce((sum, [, own]) => sum + own.length, 0);
  let room = MOST;
  return (
    <div className={styles.panel}>
      <Field
        label={label}
        icon="search"
        value={text}
        onChange={(event) => setText(event.target.value)}
        data-autofocus
      />
      <div className={styles.list}>
        {found.map(([title, own]) => {
          const shown = own.slice(0, room);
          room -= shown.length;
          return shown.length === 0 ? null : (
            <section key={title} aria-label={title}>
              <h2>{title}</h2>
              {shown.map(({ id, name, hint }) => (
                <label key={id} className={styles.option}>
                  <input type="checkbox" checked={chosen.includes(id)} onChange={() => onToggle(id)} />
                  <span className="cut" title={id}>
                    {name}
                  </span>
                  <small>{hint}</small>
                </label>
              ))}
            </section>
          );
        })}
        {count === 0 && <p>Nothing matches.</p>}
        {count > MOST && <p>{formatCount(count - MOST)} more; type to find them.</p>}
      </div>
      <div className={styles.actions}>{children}</div>
    </div>
  );
}

const matches = ({ id, name }: CheckOption, wanted: string): boolean =>
  id.toLowerCase().includes(wanted) || name.toLowerCase().includes(wanted);
