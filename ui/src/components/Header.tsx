import { type ReactNode, useEffect } from "react";
import styles from "./Header.module.css";
import { Lost } from "./Live.tsx";

interface HeaderProps {
  title: string;
  crumbs?: ReactNode;
  /** Beside the title: state, description. */
  children?: ReactNode;
  /** At the right edge: actions. */
  aside?: ReactNode;
}

export function Header({ title, crumbs, children, aside }: HeaderProps) {
  useEffect(() => {
    document.title = `${title} · MLflow`;
  }, [title]);
  return (
    <header className={styles.header}>
      {crumbs && (
        <nav className={styles.crumbs} aria-label="Breadcrumb">
          {crumbs}
          <span aria-hidden="true">/</span>
        </nav>
      )}
      <h1 title={title}>{title}</h1>
      {children}
      <Lost />
      {aside && <div className={styles.aside}>{aside}</div>}
    </header>
  );
}
