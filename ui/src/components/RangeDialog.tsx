import { type FormEvent, useState } from "react";
import { Bounds } from "./Bounds.tsx";
import { Button } from "./Button.tsx";
import styles from "./Dialog.module.css";
import { Dialog } from "./Dialog.tsx";

type Range = readonly [number, number];

interface RangeDialogProps {
  title: string;
  range: Range | undefined;
  /** What goes back to no range. */
  clear: string;
  onRange: (range: [number, number] | undefined) => void;
  onClose: () => void;
}

/** Asks for two numbers, the smaller first. */
export function RangeDialog({ title, range, clear, onRange, onClose }: RangeDialogProps) {
  const [bounds, setBounds] = useState<[string, string]>(range ? [`${range[0]}`, `${range[1]}`] : ["", ""]);
  const [from, to] = bounds.map((text) => (text.trim() ? Number(text) : Number.NaN)) as [number, number];
  const usable = Number.isFinite(from) && Number.isFinite(to) && from < to;
  const done = (next: [number, number] | undefined) => {
    onRange(next);
    onClose();
  };
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (usable) done([from, to]);
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <form className={styles.form} onSubmit={send}>
        <Bounds inputMode="decimal" value={bounds} onChange={setBounds} first />
        <div className={styles.actions}>
          <Button disabled={!range} onClick={() => done(undefined)}>
            {clear}
          </Button>
          <Button type="submit" look="primary" disabled={!usable}>
            Apply
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
