/** The panels of a section. */
import type { ReactNode } from "react";
import { More, useSome } from "@/components/More.tsx";
import styles from "./Panels.module.css";

const SOME = 60;

interface PanelGridProps {
  metrics: readonly string[];
  draw: (metric: string) => ReactNode;
}

export function PanelGrid({ metrics, draw }: PanelGridProps) {
  const [shown, more] = useSome(metrics, SOME);
  return (
    <>
      <div className={styles.panels}>{shown.map(draw)}</div>
      {more && (
        <More
          shown={shown.length}
          all={metrics.length}
          onMore={more}
          hint="the search above finds the others."
        />
      )}
    </>
  );
}
