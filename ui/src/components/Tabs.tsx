import { Link, type LinkProps, useLocation } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import styles from "./Tabs.module.css";

interface TabsProps {
  label: string;
  /** Whether what follows begins without room above it. */
  spaced?: boolean;
  links: readonly (readonly [title: string, link: LinkProps])[];
}

/** Links to the parts of something, the first of them to itself. On a narrow screen the current one is moved into view. */
export function Tabs({ label, spaced = false, links }: TabsProps) {
  const bar = useRef<HTMLElement>(null);
  const { pathname } = useLocation();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the path says which tab is the current one
  useEffect(() => {
    bar.current?.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [pathname]);
  return (
    <nav ref={bar} className={styles.tabs} data-spaced={spaced} aria-label={label}>
      {links.map(([title, link], at) => (
        <Link
          key={title}
          {...link}
          activeOptions={{ exact: at === 0, includeSearch: false }}
          activeProps={{ "aria-current": "page" }}
        >
          {title}
        </Link>
      ))}
    </nav>
  );
}
