/** A name as a field of the same size: Enter and leaving it save, Esc gives up; a failure is said below it. */
import { useEffect, useId, useRef, useState } from "react";
import { useSubmit } from "@/lib/useSubmit.ts";
import styles from "./NameField.module.css";

export interface NameFieldProps {
  label: string;
  name: string;
  save: (name: string) => Promise<unknown>;
  /** Called when it is saved or given up. */
  onDone: () => void;
}

export function NameField({ label, name, save, onDone }: NameFieldProps) {
  const [text, setText] = useState(name);
  const input = useRef<HTMLInputElement>(null);
  const told = useId();
  const wanted = text.trim();
  const { send, failure, busy } = useSubmit(async () => {
    if (!wanted) throw new Error("A name has at least one letter or figure.");
    if (wanted !== name) await save(wanted);
    onDone();
  });
  useEffect(() => {
    // not at once: a menu that closes gives the focus back to its button, unless it went on since
    const timer = setTimeout(() => input.current?.focus());
    return () => clearTimeout(timer);
  }, []);
  const leave = () => {
    if (busy || failure || document.activeElement === input.current) return; // the last: the window was left
    if (wanted && wanted !== name) input.current?.form?.requestSubmit();
    else onDone();
  };
  return (
    <form className={styles.form} data-text={text} onSubmit={send}>
      <input
        ref={input}
        size={1}
        aria-label={label}
        aria-invalid={failure !== ""}
        aria-describedby={told}
        autoComplete="off"
        spellCheck={false}
        readOnly={busy}
        value={text}
        onFocus={(event) => event.target.select()}
        onChange={(event) => setText(event.target.value)}
        onBlur={leave}
        onKeyDown={(event) => {
          if (event.key !== "Escape") return;
          event.stopPropagation();
          onDone();
        }}
      />
      <p id={told} role="alert">
        {failure}
      </p>
    </form>
  );
}
