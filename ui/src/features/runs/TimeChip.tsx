/** When the runs started: a button that says it, with a choice of usual ranges and any other. */

import { type FormEvent, useState } from "react";
import { Bounds } from "@/components/Bounds.tsx";
import { Button, IconButton } from "@/components/Button.tsx";
import { Popover } from "@/components/Popover.tsx";
import { timeZone } from "@/lib/format.ts";
import { formatRange, fromInput, parseRange, rangeTitle, toInput, USUAL_RANGES } from "@/lib/timeRange.ts";
import styles from "./ColumnFilter.module.css";
import toolbar from "./RunsToolbar.module.css";
import type { RunsView } from "./useRunsView.ts";

export function TimeChip({ view }: { view: RunsView }) {
  const [open, setOpen] = useState(false);
  const { t = "" } = view.search;
  const title = rangeTitle(t);
  const choose = (text: string | undefined) => {
    view.change({ t: text });
    setOpen(false);
  };
  return (
    <span className={toolbar.chip}>
      <Popover
        opened={open}
        onChange={setOpen}
        position="bottom-end"
        withRoles={false}
        trapFocus
        withinPortal
      >
        <Popover.Target>
          <Button
            icon="clock"
            compact={!t}
            aria-label={`Started: ${title}`}
            aria-haspopup="dialog"
            aria-expanded={open}
            aria-pressed={t !== ""}
            onClick={() => setOpen(!open)}
          >
            <span className={toolbar.range}>{title}</span>
          </Button>
        </Popover.Target>
        <Popover.Dropdown role="dialog" aria-label="When runs started">
          {open && <Ranges chosen={t} choose={choose} />}
        </Popover.Dropdown>
      </Popover>
      {t && <IconButton icon="close" label="Runs of any time" onClick={() => choose(undefined)} />}
    </span>
  );
}

function Ranges({ chosen, choose }: { chosen: string; choose: (text: string | undefined) => void }) {
  const zone = timeZone();
  const range = parseRange(chosen);
  const ends = range && "from" in range ? range : { from: null, to: null };
  const [bounds, setBounds] = useState<[string, string]>([toInput(ends.from, zone), toInput(ends.to, zone)]);
  const [from, to] = bounds;
  const own = formatRange({ from: fromInput(from, zone), to: fromInput(to, zone) });
  const backwards = from !== "" && to !== "" && from >= to;
  const send = (event: FormEvent) => {
    event.preventDefault();
    choose(own);
  };
  return (
    <form className={styles.filter} onSubmit={send}>
      <fieldset className={styles.words}>
        <legend className="sr-only">Usual ranges</legend>
        {[["", "Any time"] as const, ...USUAL_RANGES].map(([id, name]) => (
          <label key={id}>
            <input
              type="radio"
              name="range"
              checked={chosen === id}
              onChange={() => choose(id || undefined)}
              data-autofocus={chosen === id || undefined}
            />
            <span>{name}</span>
          </label>
        ))}
      </fieldset>
      <Bounds type="datetime-local" value={bounds} onChange={setBounds} />
      {zone && <small>Times in {zone}.</small>}
      <Button type="submit" look="primary" disabled={own === undefined || backwards}>
        Apply
      </Button>
    </form>
  );
}
