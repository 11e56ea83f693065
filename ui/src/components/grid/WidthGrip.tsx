import { type PointerEvent, useState } from "react";
import styles from "./Grid.module.css";

interface WidthGripProps {
  width: number;
  /** Null goes back to the usual width. */
  onWidth: (width: number | null) => void;
}

/** The right edge of a column's head, to be dragged; the head's menu does the same by keyboard. */
export function WidthGrip({ width, onWidth }: WidthGripProps) {
  const [drag, setDrag] = useState<{ from: number; by: number } | null>(null);
  const move = (event: PointerEvent) => drag && setDrag({ ...drag, by: event.clientX - drag.from });
  return (
    <span
      className={styles.grip}
      aria-hidden="true"
      data-dragged={drag !== null}
      style={drag ? { transform: `translateX(${drag.by}px)` } : undefined}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        setDrag({ from: event.clientX, by: 0 });
      }}
      onPointerMove={move}
      onPointerUp={() => {
        if (drag?.by) onWidth(width + drag.by);
        setDrag(null);
      }}
      onDoubleClick={() => onWidth(null)}
    />
  );
}
