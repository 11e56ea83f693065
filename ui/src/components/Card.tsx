import type { ReactNode, Ref } from "react";
import styles from "./Card.module.css";

interface CardProps {
  ref?: Ref<HTMLElement>;
  title: string;
  count?: number;
  aside?: ReactNode;
  children: ReactNode;
}

export function Card({ ref, title, count, aside, children }: CardProps) {
  return (
    <section ref={ref} className={styles.card} aria-label={title}>
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
