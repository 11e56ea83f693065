/** One of more than a browser's own list bears: what is chosen, and a search that opens below it. */
import { useMemo, useState } from "react";
import { Button } from "./Button.tsx";
import { ButtonPopover } from "./ButtonPopover.tsx";
import styles from "./Choice.module.css";
import type { ChoiceProps } from "./Choice.tsx";
import { PickList } from "./PickList.tsx";

export function LongChoice({ label, place = "before", value, options, onChange }: ChoiceProps) {
  const [open, setOpen] = useState(false);
  const names = useMemo(() => new Map(options), [options]);
  const values = useMemo(() => options.map(([one]) => one), [options]);
  const text = <span className={styles.chosen}>{names.get(value) ?? value}</span>;
  const list = (close: () => void) => (
    <PickList
      label={`Find: ${label}`}
      options={values}
      nameOf={(one) => names.get(one) ?? one}
      chosen={[value]}
      onPick={(one) => {
        onChange(one);
        close();
      }}
    />
  );
  return (
    <div className={styles.choice} data-place={place}>
      <span className={place === "hidden" ? "sr-only" : undefined}>{label}</span>
      {place === "above" ? (
        <>
          {/* in a panel already, whose outside another one would be */}
          <Button icon="down" aria-expanded={open} onClick={() => setOpen(!open)}>
            {text}
          </Button>
          {open && list(() => setOpen(false))}
        </>
      ) : (
        <ButtonPopover icon="down" text={text} label={label}>
          {list}
        </ButtonPopover>
      )}
    </div>
  );
}
