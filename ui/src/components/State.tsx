/** What stands where data will be: nothing yet, being read, could not be read. */
import type { ReactNode } from "react";
import { ApiError } from "@/api/client.ts";
import { Button } from "./Button.tsx";
import styles from "./State.module.css";

export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className={styles.state}>
      <h2>{title}</h2>
      {children}
    </div>
  );
}

interface FailedProps {
  error: Error;
  retry?: () => void;
  /** Where to go on from what is not there. */
  children?: ReactNode;
}

export function Failed({ error, retry, children }: FailedProps) {
  const absent = error instanceof ApiError && error.status === 404;
  return (
    <div className={absent ? styles.state : `${styles.state} ${styles.error}`} role="alert">
      <h2>{absent ? "Nothing is here" : "This could not be read"}</h2>
      <p>{error.message}</p>
      {absent && children}
      {retry && !absent && <Button onClick={retry}>Retry</Button>}
    </div>
  );
}

/** Rows at their final height, in the widths that texts tend to have. */
export function Skeleton({ rows = 8 }: { rows?: number }) {
  return (
    <div className={styles.skeleton} role="status" aria-label="Loading">
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the rows have no identity
        <span key={row} style={{ width: `${[62, 48, 70, 55, 66][row % 5]}%` }} />
      ))}
    </div>
  );
}

/** What is wrong with what was asked for, above what is still on screen. */
export function Fault({ children }: { children: ReactNode }) {
  return (
    <p className={styles.fault} role="alert">
      {children}
    </p>
  );
}
