import { type FormEvent, useState } from "react";
import { Button } from "@/components/Button.tsx";
import { Dialog } from "@/components/Dialog.tsx";
import { Field } from "@/components/Field.tsx";
import styles from "./Panels.module.css";
import type { OwnOptions } from "./types.ts";

interface RangeDialogProps {
  metric: string;
  range: OwnOptions["range"];
  onRange: (range: OwnOptions["range"]) => void;
  onClose: () => void;
}

/** From where to where a panel's vertical axis goes. */
export function RangeDialog({ metric, range, onRange, onClose }: RangeDialogProps) {
  const [low, setLow] = useState(range ? String(range[0]) : "");
  const [high, setHigh] = useState(range ? String(range[1]) : "");
  const bounds = [low, high].map((text) => (text.trim() ? Number(text) : Number.NaN));
  const [from = Number.NaN, to = Number.NaN] = bounds;
  const usable = Number.isFinite(from) && Number.isFinite(to) && from < to;
  const done = (next: OwnOptions["range"]) => {
    onRange(next);
    onClose();
  };
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (usable) done([from, to]);
  };
  return (
    <Dialog title={`Vertical range of ${metric}`} onClose={onClose}>
      <form className={styles.bounds} onSubmit={send}>
        <Field
          label="From"
          visibleLabel
          inputMode="decimal"
          value={low}
          onChange={(event) => setLow(event.target.value)}
          data-autofocus
        />
        <Field
          label="To"
          visibleLabel
          inputMode="decimal"
          value={high}
          onChange={(event) => setHigh(event.target.value)}
        />
        <Button disabled={!range} onClick={() => done(undefined)}>
          By itself
        </Button>
        <Button type="submit" look="primary" disabled={!usable}>
          Apply
        </Button>
      </form>
    </Dialog>
  );
}
