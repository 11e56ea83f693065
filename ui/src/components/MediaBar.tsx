/** Above pictures, sound and film over steps: which step, which keys, and how pictures are looked at. */
import { type CSSProperties, type PointerEvent, type ReactNode, useRef } from "react";
import { Field } from "./Field.tsx";
import styles from "./MediaBar.module.css";
import { Segmented } from "./Segmented.tsx";
import { Steps } from "./Steps.tsx";
import { useAddress } from "./useAddress.ts";

const ZOOMS = [
  ["1", "Fit"],
  ["2", "2×"],
  ["4", "4×"],
  ["8", "8×"],
] as const;

const SEARCHABLE = 6; // keys
export const SOME_KEYS = 40; // that are drawn before somebody asks for more

interface MediaBarProps {
  steps: readonly number[];
  at: number;
  onAt: (at: number) => void;
  /** How many keys there are; many are searched. */
  keys: number;
  children?: ReactNode;
}

export function MediaBar({ steps, at, onAt, keys, children }: MediaBarProps) {
  const [{ px, zoom = "1", k = "" }, change] = useAddress();
  return (
    <div className={styles.bar}>
      <Steps steps={[...steps]} at={at} onAt={onAt} />
      <label className={styles.quiet}>
        <input
          type="checkbox"
          checked={px === "1"}
          onChange={(event) => change({ px: event.target.checked ? "1" : undefined })}
        />{" "}
        Show pixels
      </label>
      <Segmented
        label="Zoom of all pictures"
        value={zoom}
        options={ZOOMS}
        onChange={(to) => change({ zoom: to === "1" ? undefined : to })}
      />
      {children}
      {(keys >= SEARCHABLE || k) && (
        <Field
          label="Find keys"
          icon="search"
          value={k}
          onChange={(event) => change({ k: event.target.value || undefined })}
        />
      )}
    </div>
  );
}

/** For what pictures stand in: where the pointer is on one of them, all are magnified around the same place. */
export function useZoom() {
  const [{ zoom }] = useAddress();
  const root = useRef<HTMLElement>(null);
  const onPointerMove = ({ target, clientX, clientY }: PointerEvent) => {
    if (!zoom || !(target instanceof HTMLElement)) return;
    const picture = target.closest(`.${styles.zoomed}`)?.getBoundingClientRect();
    if (!picture) return;
    const part = (at: number, from: number, length: number) => `${Math.round(((at - from) / length) * 100)}%`;
    root.current?.style.setProperty("--zoom-x", part(clientX, picture.left, picture.width));
    root.current?.style.setProperty("--zoom-y", part(clientY, picture.top, picture.height));
  };
  return {
    zoomed: zoom !== undefined && zoom !== "1",
    props: { ref: root, style: { "--zoom": zoom ?? 1 } as CSSProperties, onPointerMove },
  };
}

/** What a magnified picture is cut off by. */
export const ZOOMED = styles.zoomed;
