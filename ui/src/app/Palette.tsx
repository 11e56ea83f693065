/** One box for everything: experiments, runs by name or id, columns of the runs on screen, and commands. */
import { useInfiniteQuery, useIsFetching, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { type Experiment, experimentList } from "@/api/experiments.ts";
import { type Model, modelList } from "@/api/models.ts";
import { type RunRow, readRows } from "@/api/runRows.ts";
import type { RunQuery } from "@/api/runs.ts";
import { Dialog } from "@/components/Dialog.tsx";
import { Field } from "@/components/Field.tsx";
import { Icon, type IconName } from "@/components/Icon.tsx";
import { quoteText } from "@/lib/filter.ts";
import { useWantedTheme } from "@/lib/theme.ts";
import { useSettled } from "@/lib/useSettled.ts";
import { useColumnChoices } from "./columnChoices.ts";
import styles from "./Palette.module.css";
import { endTyped } from "./typeAhead.ts";

export interface Choice {
  id: string;
  label: string;
  hint: string;
  icon: IconName;
  run: () => void;
}

const MOST = 8;

export function Palette({ onClose }: { onClose: () => void }) {
  const [text, setText] = useState("");
  const [active, setActive] = useState(0);
  const { choices, isPending } = useChoices(text.trim());
  const at = Math.min(active, choices.length - 1);
  const list = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another one is chosen
  useEffect(() => {
    list.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  }, [at]);
  const choose = (choice: Choice | undefined) => {
    if (!choice) return;
    onClose();
    choice.run();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) setActive(choices.length ? (at + step + choices.length) % choices.length : 0);
    else if (event.key === "Enter") choose(choices[at]);
    else return;
    event.preventDefault();
  };
  return (
    <Dialog title="Search everything" onClose={onClose} width={560} hanging>
      <div className={styles.palette}>
        <Field
          label="Search experiments, runs, columns and commands"
          icon="search"
          placeholder="An experiment, a run's name or id, a column, a command…"
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            setActive(0);
          }}
          onKeyDown={onKeyDown}
          onFocus={() => {
            const typed = endTyped();
            if (typed) setText(typed);
          }}
          role="combobox"
          aria-expanded="true"
          aria-controls="palette-list"
          aria-activedescendant={choices[at] ? `palette-${choices[at].id}` : undefined}
          data-autofocus
        />
        <div ref={list} id="palette-list" className={styles.list} role="listbox" aria-label="Results">
          {choices.map((choice, index) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the combobox above has the keys
            <div
              key={choice.id}
              id={`palette-${choice.id}`}
              className={styles.option}
              role="option"
              tabIndex={-1}
              aria-selected={index === at}
              onClick={() => choose(choice)}
              onMouseMove={() => setActive(index)}
            >
              <Icon name={choice.icon} />
              {choice.label}
              <small>{choice.hint}</small>
            </div>
          ))}
        </div>
        {choices.length === 0 && (
          <p className={styles.none} role="status">
            {isPending ? "Searching…" : "Nothing has that in its name."}
          </p>
        )}
      </div>
    </Dialog>
  );
}

function useChoices(text: string): { choices: Choice[]; isPending: boolean } {
  const navigate = useNavigate();
  const setTheme = useWantedTheme((state) => state.choose);
  const settled = useSettled(text, 150);
  const reading = useIsFetching();
  const experiments = useExperiments(settled ? `name ILIKE ${quoteText(`%${settled}%`)}` : "");
  const runs = useRuns(settled);
  const models = useModels(settled);
  const columns = useColumnChoices(settled);
  const commands: Choice[] = [
    {
      id: "experiments",
      label: "All experiments",
      hint: "go",
      icon: "flask",
      run: () => navigate({ to: "/experiments", search: {} }),
    },
    {
      id: "runs",
      label: "Runs of all experiments",
      hint: "go",
      icon: "layers",
      run: () => navigate({ to: "/runs", search: {} }),
    },
    {
      id: "models",
      label: "All models",
      hint: "go",
      icon: "box",
      run: () => navigate({ to: "/models", search: {} }),
    },
    {
      id: "trash",
      label: "Trash",
      hint: "go",
      icon: "trash",
      run: () => navigate({ to: "/trash", search: {} }),
    },
    {
      id: "settings",
      label: "Settings",
      hint: "go",
      icon: "settings",
      run: () => navigate({ to: "/settings" }),
    },
    { id: "light", label: "Light theme", hint: "command", icon: "sun", run: () => setTheme("light") },
    { id: "dark", label: "Dark theme", hint: "command", icon: "moon", run: () => setTheme("dark") },
    {
      id: "system",
      label: "Theme as the system",
      hint: "command",
      icon: "screen",
      run: () => setTheme("system"),
    },
  ];
  // what is found may still be of another text
  const fits = (label: string) => label.toLowerCase().includes(text.toLowerCase());
  const choices = [
    ...experiments
      .filter(({ name }) => fits(name))
      .slice(0, MOST)
      .map(({ experiment_id, name }): Choice => {
        const params = { experimentId: experiment_id };
        const run = () => void navigate({ to: "/experiments/$experimentId", params, search: {} });
        return { id: `e${experiment_id}`, label: name, hint: "experiment", icon: "flask", run };
      }),
    ...runs
      .filter(({ id, name }) => id === text || fits(name))
      .map(({ id, name }): Choice => {
        const run = () => void navigate({ to: "/runs/$runId", params: { runId: id }, search: {} });
        return { id, label: name || id, hint: "run", icon: "chart", run };
      }),
    ...columns.filter(({ label }) => fits(label)),
    ...models
      .filter(({ name }) => fits(name))
      .slice(0, MOST)
      .map(({ name }): Choice => {
        const run = () => void navigate({ to: "/models/$name", params: { name }, search: {} });
        return { id: `m${encodeURIComponent(name)}`, label: name, hint: "model", icon: "box", run };
      }),
    ...commands.filter(({ label }) => fits(label)),
  ];
  return { choices, isPending: settled !== text || reading > 0 };
}

function useExperiments(filter: string): Experiment[] {
  const { data } = useInfiniteQuery(
    experimentList({ filter, orderBy: "last_run_time DESC", view: "ACTIVE_ONLY" }),
  );
  return data?.pages.flatMap((page) => page.experiments ?? []) ?? [];
}

function useModels(text: string): Model[] {
  const { data } = useInfiniteQuery({
    ...modelList(`name ILIKE ${quoteText(`%${text}%`)}`),
    enabled: text !== "",
  });
  return text ? (data?.pages.flatMap((page) => page.models) ?? []) : [];
}

/** Runs of the latest experiments whose name contains the text, or whose id it is. */
function useRuns(text: string): RunRow[] {
  const experimentIds = useExperiments("").map((experiment) => experiment.experiment_id);
  const filter = /^[0-9a-f]{32}$/.test(text)
    ? `run_id = '${text}'`
    : `run_name ILIKE ${quoteText(`%${text}%`)}`;
  const query: RunQuery = { experimentIds, filter, orderBy: [], view: "ACTIVE_ONLY" };
  const { data } = useQuery({
    queryKey: ["palette", query],
    queryFn: ({ signal }) => readRows(query, [], 0, MOST, signal),
    enabled: text !== "" && experimentIds.length > 0,
  });
  return data?.runs ?? [];
}
