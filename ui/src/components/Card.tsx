import type { ReactNode } from "react";
import styles from "./Card.module.css";

interface CardProps {
  title: string;
  count?: number;
  aside?: ReactNode;
  children: ReactNode;
}

export function Card({ title, count, aside, children }: CardProps) {
  return (
    <section className={styles.card} aria-label={title}>
      <header>
        <h2>
          {title}
          {count !== undefined && <small className="num">{count}</small>}
        </h2>
        {aside}
      </header>
      {children}
    </section>
  );
}
