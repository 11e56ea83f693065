import type { ReactNode } from "react";
import { IconButton, Word } from "./Button.tsx";
import styles from "./SelectionBar.module.css";

interface SelectionBarProps {
  /** What is ticked: `Selected runs`. */
  label: string;
  /** How much of it: `2 runs`. */
  count: string;
  onClear: () => void;
  children: ReactNode;
}

/** What can be done with what is ticked, above the lower edge of the page. */
export function SelectionBar({ label, count, onClear, children }: SelectionBarProps) {
  return (
    <div className={styles.bar} role="toolbar" aria-label={label}>
      <b>
        {count} <Word>selected</Word>
      </b>
      {children}
      <IconButton icon="close" label="Clear the selection" onClick={onClear} />
    </div>
  );
}
