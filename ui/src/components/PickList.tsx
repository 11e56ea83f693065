/** Some of many, found by a part of their names; Enter takes the first. */
import { type FormEvent, useState } from "react";
import styles from "./ChoiceList.module.css";
import { Field } from "./Field.tsx";
import { Icon } from "./Icon.tsx";
import { More, useSome } from "./More.tsx";

const SOME = 100;

interface PickListProps {
  /** What is looked for. */
  label: string;
  options: readonly string[];
  /** What an option is called, where not by itself. */
  nameOf?: (option: string) => string;
  chosen: readonly string[];
  onPick: (option: string) => void;
  /** How many can be chosen. */
  most?: number;
}

export function PickList({
  label,
  options,
  nameOf = String,
  chosen,
  onPick,
  most = Infinity,
}: PickListProps) {
  const [text, setText] = useState("");
  const wanted = text.toLowerCase();
  const matching = options.filter((option) => nameOf(option).toLowerCase().includes(wanted));
  const [shown, more] = useSome(matching, SOME);
  const full = chosen.length >= most;
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (matching[0] !== undefined && (!full || chosen.includes(matching[0]))) onPick(matching[0]);
  };
  return (
    <form className={styles.panel} onSubmit={send}>
      <Field
        label={label}
        icon="search"
        value={text}
        onChange={(event) => setText(event.target.value)}
        data-autofocus
      />
      {full && <p role="status">No more than {most} can be chosen.</p>}
      <div className={styles.list}>
        {shown.map((option) => (
          <button
            key={option}
            type="button"
            className={styles.option}
            aria-pressed={chosen.includes(option)}
            disabled={full && !chosen.includes(option)}
            onClick={() => onPick(option)}
          >
            <span className="cut" title={nameOf(option)}>
              {nameOf(option)}
            </span>
            {chosen.includes(option) && <Icon name="check" />}
          </button>
        ))}
        {matching.length === 0 && <p>Nothing matches.</p>}
        {more && (
          <More shown={shown.length} all={matching.length} onMore={more} hint="type to find the others." />
        )}
      </div>
    </form>
  );
}
