/** Which experiments the runs are of. */
import { Popover } from "@mantine/core";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { experimentList, experimentsById, LATEST_EXPERIMENTS } from "@/api/experiments.ts";
import { Button } from "@/components/Button.tsx";
import { Field } from "@/components/Field.tsx";
import { toFilter } from "@/lib/filter.ts";
import { useSettled } from "@/lib/useSettled.ts";
import styles from "./ColumnsMenu.module.css";
import type { RunsView } from "./useRunsView.ts";

export function ChooseExperiments({ view }: { view: RunsView }) {
  const [open, setOpen] = useState(false);
  const { e } = view.search;
  return (
    <Popover opened={open} onChange={setOpen} position="bottom-end" withRoles={false} trapFocus withinPortal>
      <Popover.Target>
        <Button icon="flask" aria-haspopup="dialog" aria-expanded={open} onClick={() => setOpen(!open)}>
          Experiments <span className="num">{e?.length ?? "all"}</span>
        </Button>
      </Popover.Target>
      <Popover.Dropdown role="dialog" aria-label="Experiments">
        {open && <Chooser view={view} />}
      </Popover.Dropdown>
    </Popover>
  );
}

function Chooser({ view }: { view: RunsView }) {
  const [text, setText] = useState("");
  const chosen = view.search.e ?? [];
  const filter = toFilter(useSettled(text, 150), "name");
  const found = useInfiniteQuery(experimentList({ ...LATEST_EXPERIMENTS, filter }));
  const named = useQuery(experimentsById(chosen)).data ?? [];
  const listed = found.data?.pages.flatMap(({ experiments }) => experiments ?? []) ?? [];
  const others = listed.filter(({ experiment_id }) => !chosen.includes(experiment_id));
  const toggle = (id: string) => {
    const after = chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id];
    view.change({ e: after.length ? after : undefined });
  };
  return (
    <div className={styles.panel}>
      <Field
        label="Find an experiment"
        icon="search"
        value={text}
        onChange={(event) => setText(event.target.value)}
        data-autofocus
      />
      {found.error && <p role="alert">{found.error.message}</p>}
      <fieldset className={styles.list}>
        <legend className="sr-only">Experiments whose runs are shown</legend>
        {[...named, ...others].map(({ experiment_id: id, name }) => (
          <label key={id} className={styles.option}>
            <input type="checkbox" checked={chosen.includes(id)} onChange={() => toggle(id)} />
            <span title={name}>{name}</span>
          </label>
        ))}
      </fieldset>
      <div className={styles.actions}>
        <Button look="quiet" disabled={!chosen.length} onClick={() => view.change({ e: undefined })}>
          All experiments
        </Button>
      </div>
    </div>
  );
}
