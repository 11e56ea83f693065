import type { ComponentProps } from "react";
import styles from "./Bounds.module.css";
import { Field } from "./Field.tsx";

interface BoundsProps extends Pick<ComponentProps<"input">, "type" | "inputMode" | "placeholder"> {
  value: readonly [from: string, to: string];
  onChange: (value: [from: string, to: string]) => void;
  /** Whether what opens begins here. */
  first?: boolean;
}

/** From where to where, as two fields. */
export function Bounds({ value: [from, to], onChange, first, ...input }: BoundsProps) {
  return (
    <div className={styles.bounds} data-wide={input.type !== undefined}>
      <Field
        label="From"
        visibleLabel
        value={from}
        onChange={(event) => onChange([event.target.value, to])}
        data-autofocus={first || undefined}
        {...input}
      />
      <Field
        label="To"
        visibleLabel
        value={to}
        onChange={(event) => onChange([from, event.target.value])}
        {...input}
      />
    </div>
  );
}
