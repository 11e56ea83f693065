import { lazy, type ReactNode, Suspense, useEffect, useRef } from "react";
import { useShortcuts } from "@/lib/shortcuts.ts";
import { IconButton } from "./Button.tsx";
import styles from "./Header.module.css";
import { Lost } from "./Live.tsx";

const NameField = lazy(() => import("./NameField.tsx").then(({ NameField }) => ({ default: NameField })));

/** How what the page is of gets another name, where it can have one. */
export interface Rename {
  /** What it is, with its article. */
  what: string;
  name: string;
  save: (name: string) => Promise<unknown>;
  /** Whether the title is a field; menus open it too. */
  open: boolean;
  onOpen: (open: boolean) => void;
}

interface HeaderProps {
  title: string;
  rename?: Rename;
  crumbs?: ReactNode;
  /** Beside the title: state, description. */
  children?: ReactNode;
  /** At the right edge: actions. */
  aside?: ReactNode;
}

export function Header({ title, rename, crumbs, children, aside }: HeaderProps) {
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
      {rename ? (
        <Renamable title={title} {...rename} />
      ) : (
        <h1 className="cut" dir="auto" title={title}>
          {title}
        </h1>
      )}
      {children}
      <Lost />
      {aside && <div className={styles.aside}>{aside}</div>}
    </header>
  );
}

function Renamable({ title, what, name, save, open, onOpen }: Rename & { title: string }) {
  const pencil = useRef<HTMLButtonElement>(null);
  const before = useRef(open);
  useShortcuts({ F2: () => onOpen(true) });
  useEffect(() => {
    if (before.current && !open && document.activeElement === document.body) pencil.current?.focus();
    before.current = open;
  }, [open]);
  const pressed = () => window.getSelection()?.isCollapsed !== false && onOpen(true);
  return (
    <div className={styles.title}>
      {open ? (
        <h1 data-open>
          <Suspense fallback={title}>
            <NameField label={`Name of ${what}`} name={name} save={save} onDone={() => onOpen(false)} />
          </Suspense>
        </h1>
      ) : (
        <>
          {/* biome-ignore lint/a11y/useKeyWithClickEvents: the pencil and F2 do the same */}
          <h1 className="cut" dir="auto" title={title} onClick={pressed}>
            {title}
          </h1>
          <IconButton
            ref={pencil}
            icon="pencil"
            label={`Rename ${what}`}
            title="Rename (F2)"
            onClick={() => onOpen(true)}
          />
        </>
      )}
    </div>
  );
}
