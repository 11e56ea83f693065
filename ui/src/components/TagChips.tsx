/** Tags as chips; with `onSet` and `onRemove` they can be edited in place. */

import { type FormEvent, type RefObject, useRef, useState } from "react";
import { Popover } from "@/components/Popover.tsx";
import { Button, IconButton } from "./Button.tsx";
import { Field } from "./Field.tsx";
import { Icon } from "./Icon.tsx";
import styles from "./TagChips.module.css";

interface TagChipsProps {
  tags: readonly { key: string; value?: string | null }[];
  onSet?: (key: string, value: string) => void;
  onRemove?: (key: string) => void;
  /** Makes a chip a button that looks for what else has the tag. */
  onPick?: (key: string, value: string) => void;
}

export function TagChips({ tags, onSet, onRemove, onPick }: TagChipsProps) {
  const add = useRef<HTMLButtonElement>(null);
  const remove = (key: string) => {
    onRemove?.(key);
    add.current?.focus(); // the chip that had the focus goes
  };
  return (
    <div className={styles.chips}>
      {tags.map(({ key, value }) => (
        <span key={key} className={styles.chip} title={value ? `${key}: ${value}` : key}>
          {onPick ? (
            <button type="button" data-pick onClick={() => onPick(key, value ?? "")}>
              {value ? `${key}: ${value}` : key}
            </button>
          ) : (
            <span>{value ? `${key}: ${value}` : key}</span>
          )}
          {onRemove && (
            <button type="button" aria-label={`Remove the tag ${key}`} onClick={() => remove(key)}>
              <Icon name="close" size={11} />
            </button>
          )}
        </span>
      ))}
      {onSet && <AddTag at={add} onSet={onSet} />}
    </div>
  );
}

interface AddTagProps {
  at: RefObject<HTMLButtonElement | null>;
  onSet: (key: string, value: string) => void;
}

function AddTag({ at, onSet }: AddTagProps) {
  const [open, setOpen] = useState(false);
  return (
    <Popover opened={open} onChange={setOpen} position="bottom-start" trapFocus withinPortal>
      <Popover.Target>
        <IconButton ref={at} icon="plus" label="Add a tag" onClick={() => setOpen(!open)} />
      </Popover.Target>
      <Popover.Dropdown>
        <TagForm
          action="Add"
          onSet={(key, value) => {
            onSet(key, value);
            setOpen(false);
          }}
        />
      </Popover.Dropdown>
    </Popover>
  );
}

export function TagForm({ action, onSet }: { action: string; onSet: (key: string, value: string) => void }) {
  const [key, setKey] = useState("");
  const [value, setValue] = useState("");
  const send = (event: FormEvent) => {
    event.preventDefault();
    onSet(key.trim(), value);
  };
  return (
    <form className={styles.form} onSubmit={send}>
      <Field
        label="Tag"
        visibleLabel
        value={key}
        onChange={(event) => setKey(event.target.value)}
        data-autofocus
      />
      <Field label="Value" visibleLabel value={value} onChange={(event) => setValue(event.target.value)} />
      <Button type="submit" look="primary" disabled={!key.trim()}>
        {action}
      </Button>
    </form>
  );
}

/** Tags that people gave; those of the system have a place of their own or none. */
export const ownTags = <T extends { key: string }>(tags: readonly T[] = []): T[] =>
  tags.filter(({ key }) => !key.startsWith("mlflow."));
