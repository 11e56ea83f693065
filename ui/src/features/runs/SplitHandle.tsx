import type { KeyboardEvent, PointerEvent } from "react";
import { useSettings } from "@/lib/settings.ts";
import styles from "./RunsPage.module.css";

const [LEAST, MOST, STEP] = [20, 80, 4]; // per cent

/** The border between table and charts: dragged, or moved by arrow keys. */
export function SplitHandle() {
  const { split, change } = useSettings();
  const set = (part: number) => change({ split: Math.round(Math.min(MOST, Math.max(LEAST, part))) });
  const drag = (event: PointerEvent<HTMLElement>) => {
    const area = event.currentTarget.parentElement?.getBoundingClientRect();
    if (area && event.currentTarget.hasPointerCapture(event.pointerId))
      set(((event.clientX - area.left) / area.width) * 100);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const by = { ArrowLeft: -STEP, ArrowRight: STEP }[event.key];
    if (!by) return;
    event.preventDefault();
    set(split + by);
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a rule cannot be moved
    <div
      role="separator"
      aria-orientation="vertical"
      aria-label="Width of the table"
      aria-valuemin={LEAST}
      aria-valuemax={MOST}
      aria-valuenow={split}
      tabIndex={0}
      className={styles.handle}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={drag}
      onKeyDown={onKeyDown}
    />
  );
}
