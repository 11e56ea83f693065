/** When the runs started: a button that says it, with a choice of usual ranges and any other. */
import { Popover } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { Button, IconButton } from "@/components/Button.tsx";
import { Field } from "@/components/Field.tsx";
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
  const [from, setFrom] = useState(toInput(ends.from, zone));
  const [to, setTo] = useState(toInput(ends.to, zone));
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
      <Field
        label="From"
        visibleLabel
        type="datetime-local"
        value={from}
        onChange={(event) => setFrom(event.target.value)}
      />
      <Field
        label="To"
        visibleLabel
        type="datetime-local"
        value={to}
        onChange={(event) => setTo(event.target.value)}
      />
      {zone && <small>Times in {zone}.</small>}
      <Button type="submit" look="primary" disabled={own === undefined || backwards}>
        Apply
      </Button>
    </form>
  );
}
