import type { ComponentProps, ReactNode } from "react";
import styles from "./Button.module.css";
import { Icon, type IconName } from "./Icon.tsx";

type Look = "plain" | "primary" | "danger" | "quiet";

interface ButtonProps extends ComponentProps<"button"> {
  look?: Look;
  icon?: IconName;
  /** Whether a narrow window shows its icon only. */
  compact?: boolean;
}

export function Button({ look = "plain", icon, compact, className = "", children, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      className={`${styles.button} ${className}`}
      data-look={look}
      data-compact={compact}
      {...rest}
    >
      {icon && <Icon name={icon} />}
      {compact ? <span className={styles.word}>{children}</span> : children}
    </button>
  );
}

/** A part of what a button says that a narrow window leaves out. */
export const Word = ({ children }: { children: ReactNode }) => (
  <span className={styles.word}>{children}</span>
);

interface IconButtonProps extends Omit<ComponentProps<"button">, "children"> {
  icon: IconName;
  label: string;
}

export function IconButton({ icon, label, className = "", ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      className={`${styles.button} ${styles.icon} ${className}`}
      aria-label={label}
      title={label}
      {...rest}
    >
      <Icon name={icon} />
    </button>
  );
}
