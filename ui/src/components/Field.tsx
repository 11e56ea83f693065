import type { ComponentProps } from "react";
import styles from "./Field.module.css";
import { Icon, type IconName } from "./Icon.tsx";

interface FieldProps extends Omit<ComponentProps<"input">, "className"> {
  label: string;
  icon?: IconName;
  shortcut?: string;
  /** Says the label on screen; otherwise only assistive technology hears it. */
  visibleLabel?: boolean;
}

export function Field({ label, icon, shortcut, visibleLabel = false, ...rest }: FieldProps) {
  const box = (
    <span className={styles.field}>
      {icon && <Icon name={icon} />}
      <input
        aria-label={visibleLabel ? undefined : label}
        data-search={icon === "search" || undefined}
        placeholder={visibleLabel ? undefined : label}
        {...rest}
      />
      {shortcut && <kbd>{shortcut}</kbd>}
    </span>
  );
  if (!visibleLabel) return box;
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is inside `box`
    <label className={styles.labelled}>
      {label}
      {box}
    </label>
  );
}
