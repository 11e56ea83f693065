import { Link, useLocation } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import styles from "./RunPage.module.css";
import { TABS } from "./tabs.ts";

/** The parts of a run; on a narrow screen the current one is moved into view. */
export function RunTabs({ runId }: { runId: string }) {
  const bar = useRef<HTMLElement>(null);
  const { pathname } = useLocation();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the path says which tab is the current one
  useEffect(() => {
    bar.current?.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [pathname]);
  return (
    <nav ref={bar} className={styles.tabs} aria-label="Parts of the run">
      {TABS.map(([to, title]) => (
        <Link
          key={to}
          to={to}
          params={{ runId, _splat: "" }}
          search={{}}
          activeOptions={{ exact: to === "/runs/$runId", includeSearch: false }}
          activeProps={{ "aria-current": "page" }}
        >
          {title}
        </Link>
      ))}
    </nav>
  );
}
