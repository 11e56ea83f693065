import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef, useState } from "react";
import { Button } from "@/components/Button.tsx";
import { plural } from "@/lib/format.ts";
import styles from "./TrashPage.module.css";

const HEIGHT = 44;

export interface Trashed {
  id: string;
  name: string;
  facts: string[];
}

interface TrashListProps {
  noun: string;
  items: readonly Trashed[];
  /** How many there are, read or not. */
  total: number | null;
  readMore: () => void;
  restore: (ids: string[]) => Promise<unknown>;
}

/** Rows to tick, and one button that brings the ticked ones back. */
export function TrashList({ noun, items, total, readMore, restore }: TrashListProps) {
  const box = useRef<HTMLDivElement>(null);
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set());
  const [busy, setBusy] = useState(false);
  const rows = useVirtualizer({
    count: items.length,
    getScrollElement: () => box.current,
    estimateSize: () => HEIGHT,
    overscan: 8,
  });
  const inView = rows.getVirtualItems();
  const end = inView.at(-1)?.index ?? 0;
  useEffect(() => {
    if (end >= items.length - 1) readMore();
  }, [end, items.length, readMore]);
  const chosen = items.filter(({ id }) => ticked.has(id)).map(({ id }) => id);
  const all = chosen.length === items.length;
  const toggle = (id: string) => {
    const next = new Set(ticked);
    if (!next.delete(id)) next.add(id);
    setTicked(next);
  };
  const send = async () => {
    setBusy(true);
    await restore(chosen).finally(() => setBusy(false));
    setTicked(new Set());
  };
  return (
    <>
      <div className={styles.head}>
        <label>
          <input
            type="checkbox"
            checked={all}
            onChange={() => setTicked(all ? new Set() : new Set(items.map(({ id }) => id)))}
          />
          <span aria-live="polite">
            {chosen.length ? `${plural(chosen.length, noun)} selected` : plural(total ?? items.length, noun)}
          </span>
        </label>
        <Button look="primary" icon="restore" disabled={busy || chosen.length === 0} onClick={send}>
          {chosen.length ? `Restore ${plural(chosen.length, noun)}` : "Restore"}
        </Button>
      </div>
      <div className={styles.list} ref={box}>
        <ul style={{ position: "relative", height: rows.getTotalSize() }}>
          {inView.map(({ index, start }) => {
            const { id, name, facts } = items[index] as Trashed;
            return (
              <li key={id} className={styles.row} style={{ transform: `translateY(${start}px)` }}>
                <label title={name}>
                  <input type="checkbox" checked={ticked.has(id)} onChange={() => toggle(id)} />
                  <b className="cut">{name || id}</b>
                  {facts.map((fact) => (
                    <small key={fact} className="cut">
                      {fact}
                    </small>
                  ))}
                </label>
              </li>
            );
          })}
        </ul>
      </div>
    </>
  );
}
