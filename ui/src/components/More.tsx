/** Of a list that may have thousands of items, as many as a page bears, and a button for more. */
import { useState } from "react";
import { formatCount } from "@/lib/format.ts";
import { Button } from "./Button.tsx";
import styles from "./More.module.css";

/** The first items, and what shows more of them: null where that is all. */
export function useSome<T>(items: readonly T[], some: number): readonly [readonly T[], (() => void) | null] {
  const [most, setMost] = useState(some);
  return [items.slice(0, most), items.length > most ? () => setMost(most + some) : null];
}

interface MoreProps {
  shown: number;
  all: number;
  onMore: () => void;
  /** How else to find an item. */
  hint: string;
}

export function More({ shown, all, onMore, hint }: MoreProps) {
  return (
    <p className={styles.more}>
      <Button onClick={onMore}>Show more</Button>
      <span>
        {formatCount(shown)} of {formatCount(all)} are shown; {hint}
      </span>
    </p>
  );
}
