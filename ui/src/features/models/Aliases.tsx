/** A version's aliases, edited in place. An alias that pointed elsewhere moves here, and can be moved back. */

import { type FormEvent, useRef, useState } from "react";
import { deleteAlias, type Model, modelKeys, setAlias } from "@/api/models.ts";
import { Button, IconButton } from "@/components/Button.tsx";
import { Field } from "@/components/Field.tsx";
import { Popover } from "@/components/Popover.tsx";
import { useEdit } from "@/lib/useEdit.ts";
import { AliasChip } from "./AliasChip.tsx";
import styles from "./Models.module.css";

export function Aliases({ model, version }: { model: Model; version: string }) {
  const edit = useEdit(modelKeys.all);
  const [open, setOpen] = useState(false);
  const add = useRef<HTMLButtonElement>(null);
  const { name, aliases } = model;
  const own = aliases.filter((one) => one.version === version);
  const put = (alias: string, to: string): void => {
    const before = aliases.find((one) => one.alias === alias)?.version;
    edit({
      call: () => setAlias(name, alias, to),
      done: before && before !== to ? `@${alias} moved from v${before} to v${to}.` : `@${alias} is v${to}.`,
      undo: () =>
        edit({
          call: () => (before ? setAlias(name, alias, before) : deleteAlias(name, alias)),
          done: "Undone.",
        }),
    });
  };
  const remove = (alias: string): void => {
    add.current?.focus(); // the chip that had the focus goes
    edit({
      call: () => deleteAlias(name, alias),
      done: `@${alias} is removed.`,
      undo: () => edit({ call: () => setAlias(name, alias, version), done: "Undone." }),
    });
  };
  return (
    <span className={styles.chips}>
      {own.map(({ alias }) => (
        <AliasChip key={alias} name={name} alias={alias} onRemove={() => remove(alias)} />
      ))}
      <Popover opened={open} onChange={setOpen} position="bottom-start" trapFocus withinPortal>
        <Popover.Target>
          <IconButton
            ref={add}
            icon="plus"
            label={`Add an alias to version ${version}`}
            onClick={() => setOpen(!open)}
          />
        </Popover.Target>
        <Popover.Dropdown>
          <AliasForm
            others={aliases.filter((one) => one.version !== version)}
            version={version}
            onSet={(alias) => {
              setOpen(false);
              put(alias, version);
            }}
          />
        </Popover.Dropdown>
      </Popover>
    </span>
  );
}

interface AliasFormProps {
  others: readonly { alias: string; version: string }[];
  version: string;
  onSet: (alias: string) => void;
}

function AliasForm({ others, version, onSet }: AliasFormProps) {
  const [alias, setText] = useState("");
  const moved = others.find((one) => one.alias === alias.trim());
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (alias.trim()) onSet(alias.trim());
  };
  return (
    <form className={styles.form} onSubmit={send}>
      <Field
        label="Alias"
        visibleLabel
        placeholder="champion"
        value={alias}
        onChange={(event) => setText(event.target.value.replace(/^@/, ""))}
        data-autofocus
      />
      {others.length > 0 && (
        <div className={styles.chips}>
          {others.map((one) => (
            <Button key={one.alias} onClick={() => onSet(one.alias)}>
              @{one.alias} from v{one.version}
            </Button>
          ))}
        </div>
      )}
      <Button type="submit" look="primary" disabled={!alias.trim()}>
        {moved ? `Move from v${moved.version} to v${version}` : `Point to v${version}`}
      </Button>
    </form>
  );
}
