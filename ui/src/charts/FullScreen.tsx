/** One panel over the whole screen; arrow keys step through the others. */
import { type KeyboardEvent, type ReactNode, useEffect, useState } from "react";
import { Button } from "@/components/Button.tsx";
import { Dialog } from "@/components/Dialog.tsx";
import styles from "./Panels.module.css";

interface FullScreenProps {
  keys: readonly string[];
  shown: string;
  onShow: (metric: string | undefined) => void;
  draw: (metric: string, height: number) => ReactNode;
}

const AROUND = 270; // pixels of the window that the plot leaves to title, buttons and margins

export function FullScreen({ keys, shown, onShow, draw }: FullScreenProps) {
  const height = useWindowHeight();
  const at = keys.indexOf(shown);
  const step = (by: number) => {
    const next = keys[(at + by + keys.length) % keys.length];
    if (next !== undefined) onShow(next);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (!["ArrowLeft", "ArrowRight"].includes(event.key) || event.defaultPrevented) return;
    // not from what opens over it, which has keys of its own, nor while somebody types
    const { target } = event;
    if (!(target instanceof HTMLElement) || !event.currentTarget.contains(target)) return;
    if (target.matches("input, select, textarea")) return;
    event.preventDefault();
    step(event.key === "ArrowLeft" ? -1 : 1);
  };
  return (
    <Dialog title={`${at + 1} of ${keys.length}`} width={1400} inAddress onClose={() => onShow(undefined)}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the buttons below do the same */}
      <div className={styles.full} onKeyDown={onKeyDown}>
        {at < 0 ? <p>None of these runs has {shown}.</p> : draw(shown, Math.max(240, height - AROUND))}
        <div className={styles.steps}>
          <Button icon="left" onClick={() => step(-1)}>
            Previous
          </Button>
          <Button icon="right" onClick={() => step(1)} data-autofocus>
            Next
          </Button>
        </div>
      </div>
    </Dialog>
  );
}

function useWindowHeight(): number {
  const [height, setHeight] = useState(window.innerHeight);
  useEffect(() => {
    const follow = () => setHeight(window.innerHeight);
    window.addEventListener("resize", follow);
    return () => window.removeEventListener("resize", follow);
  }, []);
  return height;
}
