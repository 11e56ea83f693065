/** What can be done with the ticked runs. */

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { deleteRuns, renameRun, restoreRuns, runById, runKeys, tagRuns } from "@/api/runs.ts";
import { Button } from "@/components/Button.tsx";
import { ButtonPopover } from "@/components/ButtonPopover.tsx";
import { ColorChoice } from "@/components/ColorChoice.tsx";
import { NameDialog } from "@/components/Dialog.tsx";
import { Field } from "@/components/Field.tsx";
import { useSelection } from "@/components/grid/selection.ts";
import { Icon } from "@/components/Icon.tsx";
import { Menu } from "@/components/Menu.tsx";
import { Popover } from "@/components/Popover.tsx";
import { SelectionBar } from "@/components/SelectionBar.tsx";
import { TagForm } from "@/components/TagChips.tsx";
import { copyText } from "@/lib/copy.ts";
import { plural } from "@/lib/format.ts";
import { toast, toastFailure } from "@/lib/toasts.ts";
import styles from "./BulkBar.module.css";
import { exportRuns } from "./exportRuns.ts";
import { useCompareTicked } from "./useCompareTicked.ts";
import type { RunsView } from "./useRunsView.ts";
import type { ShownRuns } from "./useShownRuns.ts";

const GROUP = "group"; // the tag of runs that somebody joined

type Outcome = Awaited<ReturnType<typeof deleteRuns>>;

interface BulkBarProps {
  view: RunsView;
  /** Where there are charts. */
  shown: ShownRuns | undefined;
}

export function BulkBar({ view, shown }: BulkBarProps) {
  const { ids, clear } = useSelection();
  const queries = useQueryClient();
  const [tagging, setTagging] = useState(false);
  const [renaming, setRenaming] = useState(false);
  const compare = useCompareTicked();
  const edit = useMutation({
    mutationFn: ({ call }: { call: () => Promise<Outcome>; done: string; undo?: () => void }) => call(),
    onSuccess: (outcome, { done, undo }) => {
      toast(told(outcome, done), undo && { label: "Undo", run: undo });
      clear();
    },
    onError: toastFailure,
    onSettled: () => {
      void queries.invalidateQueries({ queryKey: runKeys.all });
      void queries.invalidateQueries({ queryKey: ["experiments"] });
    },
  });
  if (ids.size === 0) return null;
  const list = [...ids];
  const restore = () => edit.mutate({ call: () => restoreRuns(list), done: "restored" });
  const remove = () => edit.mutate({ call: () => deleteRuns(list), done: "in the trash", undo: restore });
  return (
    <SelectionBar label="Selected runs" count={plural(ids.size, "run")} onClear={clear}>
      <Button look="primary" disabled={ids.size < 2} title="Compare (c)" onClick={compare}>
        Compare
      </Button>
      {view.flat.view === "DELETED_ONLY" ? (
        <Button icon="restore" onClick={restore}>
          Restore
        </Button>
      ) : (
        <>
          <Popover opened={tagging} onChange={setTagging} position="top" trapFocus withinPortal>
            <Popover.Target>
              <Button icon="tag" compact onClick={() => setTagging(!tagging)}>
                Tag
              </Button>
            </Popover.Target>
            <Popover.Dropdown>
              <TagForm
                action={`Tag ${plural(ids.size, "run")}`}
                onSet={(key, value) => {
                  setTagging(false);
                  edit.mutate({ call: () => tagRuns(list, { [key]: value }), done: "tagged" });
                }}
              />
            </Popover.Dropdown>
          </Popover>
          <ButtonPopover icon="group" compact text="Group" label="Group the selected runs" position="top">
            {(close) => (
              <GroupForm
                count={ids.size}
                onName={(name) => {
                  close();
                  edit.mutate({ call: () => tagRuns(list, { [GROUP]: name }), done: `in the group ${name}` });
                  view.change({ g: [`tags.${GROUP}`], og: undefined });
                }}
              />
            )}
          </ButtonPopover>
          <Button icon="pin" compact title="Keep above the others (p)" onClick={() => view.pin(list)}>
            {list.every((id) => view.pins.includes(id)) ? "Unpin" : "Pin"}
          </Button>
          {shown && (
            <Button icon="chart" compact title="Show in charts (v)" onClick={() => shown.show(list)}>
              Chart
            </Button>
          )}
          {ids.size === 1 && shown && (
            <ButtonPopover icon="drop" compact text="Colour" label="The run's colour" position="top">
              {(close) => <ColorChoice id={list[0] as string} onChosen={close} />}
            </ButtonPopover>
          )}
          {ids.size === 1 && (
            <Button icon="pencil" compact onClick={() => setRenaming(true)}>
              Rename
            </Button>
          )}
          {ids.size === 1 && (
            <Button
              icon="flag"
              compact
              title="Tell other runs from this one (b)"
              onClick={() => view.change({ b: list[0] === view.search.b ? undefined : list[0] }, true)}
            >
              {list[0] === view.search.b ? "No baseline" : "Baseline"}
            </Button>
          )}
          <Button icon="trash" compact onClick={remove}>
            Delete
          </Button>
        </>
      )}
      <Menu position="top-end">
        <Menu.Target>
          <Button icon="download" compact>
            Export
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<Icon name="download" />} onClick={() => exportRuns(view, "csv", ids)}>
            Export as CSV
          </Menu.Item>
          <Menu.Item leftSection={<Icon name="download" />} onClick={() => exportRuns(view, "json", ids)}>
            Export as JSON
          </Menu.Item>
          <Menu.Item leftSection={<Icon name="copy" />} onClick={() => copyText(list.join("\n"), "Ids")}>
            Copy ids
          </Menu.Item>
          <Menu.Item leftSection={<Icon name="copy" />} onClick={() => copyText(asPython(list), "Python")}>
            Copy as Python
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {renaming && ids.size === 1 && <RenameRun id={list[0] as string} onClose={() => setRenaming(false)} />}
    </SelectionBar>
  );
}

function RenameRun({ id, onClose }: { id: string; onClose: () => void }) {
  const queries = useQueryClient();
  const run = useQuery(runById(id)).data;
  if (!run) return null;
  return (
    <NameDialog
      title="Rename the run"
      label="Name"
      action="Rename"
      start={run.name}
      onClose={onClose}
      submit={(name) => renameRun(id, name).then(() => queries.invalidateQueries({ queryKey: runKeys.all }))}
    />
  );
}

/** Asks for the name that the group's runs are tagged with. */
function GroupForm({ count, onName }: { count: number; onName: (name: string) => void }) {
  const [name, setName] = useState("");
  const send = (event: FormEvent) => {
    event.preventDefault();
    onName(name.trim());
  };
  return (
    <form className={styles.form} onSubmit={send}>
      <Field
        label="Name of the group"
        visibleLabel
        value={name}
        onChange={(event) => setName(event.target.value)}
        data-autofocus
      />
      <p>
        It is their tag <code>{GROUP}</code>, by which the table is then grouped.
      </p>
      <Button type="submit" look="primary" disabled={!name.trim()}>
        Group {plural(count, "run")}
      </Button>
    </form>
  );
}

/** A line that reads the runs in a notebook. */
const asPython = (ids: readonly string[]): string =>
  `runs = [mlflow.get_run(run_id) for run_id in ${JSON.stringify(ids)}]`;

function told({ changed, refused }: Outcome, done: string): string {
  const first = refused?.[0];
  const left = first ? ` ${plural(refused?.length ?? 0, "run")} left as it was: ${first.message}` : "";
  return `${plural(changed, "run")} ${done}.${left}`;
}
