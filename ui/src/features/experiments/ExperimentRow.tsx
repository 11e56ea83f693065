import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import {
  type Activity,
  deleteExperiment,
  type Experiment,
  experimentKeys,
  renameExperiment,
  restoreExperiment,
} from "@/api/experiments.ts";
import { IconButton } from "@/components/Button.tsx";
import { NameDialog } from "@/components/Dialog.tsx";
import { Icon } from "@/components/Icon.tsx";
import { Menu } from "@/components/Menu.tsx";
import { ownTags, TagChips } from "@/components/TagChips.tsx";
import { formatAgo, formatTime, plural } from "@/lib/format.ts";
import { useStarred } from "@/lib/starred.ts";
import { toast, toastFailure } from "@/lib/toasts.ts";
import { useNow } from "@/lib/useNow.ts";
import { DayBars } from "./DayBars.tsx";
import styles from "./ExperimentsPage.module.css";
import { TagsDialog } from "./TagsDialog.tsx";

const SHOWN_PEOPLE = 2;

interface ExperimentRowProps {
  experiment: Experiment;
  /** Unknown until it is read. */
  activity: Activity | undefined;
  deleted: boolean;
  ticked: boolean;
  toggle: (id: string) => void;
  onTag: (key: string, value: string) => void;
  top: number;
}

export function ExperimentRow({
  experiment,
  activity,
  deleted,
  ticked,
  toggle,
  onTag,
  top,
}: ExperimentRowProps) {
  const now = useNow();
  const { experiment_id: id, name, tags } = experiment;
  const last = activity?.last ?? experiment.creation_time;
  const people = activity?.users ?? [];
  return (
    <li className={styles.row} data-ticked={ticked} style={{ transform: `translateY(${top}px)` }}>
      <input type="checkbox" aria-label={`Select ${name}`} checked={ticked} onChange={() => toggle(id)} />
      <Star id={id} name={name} />
      <Link
        className={styles.name}
        to="/experiments/$experimentId"
        params={{ experimentId: id }}
        search={{}}
        title={name}
      >
        {name}
      </Link>
      <span className={`${styles.quiet} ${styles.count} num`}>
        {activity ? plural(activity.runs, "run") : ""}
      </span>
      <span className={styles.running} style={{ color: "var(--run)" }}>
        {activity?.running ? `● ${activity.running.toLocaleString("en-US")} running` : ""}
      </span>
      <span className={styles.quiet} title={last ? formatTime(last) : undefined}>
        {last && activity ? formatAgo(last, now) : ""}
      </span>
      <span className={styles.days} title="Runs started on each of the latest 14 days">
        {activity && activity.runs > 0 && <DayBars days={activity.days} />}
      </span>
      <div className={styles.tags}>
        <TagChips tags={ownTags(tags)} onPick={onTag} />
      </div>
      <span className={styles.people} title={people.join(", ")}>
        {people.length > 0 && <span className="sr-only">Runs of </span>}
        {people.slice(0, SHOWN_PEOPLE).join(", ")}
        {people.length > SHOWN_PEOPLE && ` +${people.length - SHOWN_PEOPLE}`}
      </span>
      <RowMenu experiment={experiment} deleted={deleted} />
    </li>
  );
}

function Star({ id, name }: { id: string; name: string }) {
  const starred = useStarred((state) => state.ids.includes(id));
  const toggle = useStarred((state) => state.toggle);
  return (
    <button
      type="button"
      className={styles.star}
      aria-pressed={starred}
      aria-label={`Star ${name}`}
      title={starred ? "No longer at the top" : "Keep at the top of this list"}
      onClick={() => toggle(id)}
    >
      <Icon name="star" />
    </button>
  );
}

function RowMenu({ experiment, deleted }: Pick<ExperimentRowProps, "experiment" | "deleted">) {
  const [dialog, setDialog] = useState<"rename" | "tags" | null>(null);
  const { experiment_id: id, name } = experiment;
  const queries = useQueryClient();
  const refresh = () => queries.invalidateQueries({ queryKey: experimentKeys.all });
  const restore = useMutation({
    mutationFn: () => restoreExperiment(id),
    onSuccess: () => toast(`“${name}” is back.`),
    onError: toastFailure,
    onSettled: refresh,
  });
  const remove = useMutation({
    mutationFn: () => deleteExperiment(id),
    onSuccess: () => toast(`“${name}” is in the trash.`, { label: "Undo", run: restore.mutate }),
    onError: toastFailure,
    onSettled: refresh,
  });
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <IconButton icon="more" label={`Actions for ${name}`} />
        </Menu.Target>
        {deleted ? (
          <Menu.Dropdown>
            <Menu.Item leftSection={<Icon name="restore" />} onClick={() => restore.mutate()}>
              Restore
            </Menu.Item>
          </Menu.Dropdown>
        ) : (
          <Menu.Dropdown>
            <Menu.Item leftSection={<Icon name="pencil" />} onClick={() => setDialog("rename")}>
              Rename…
            </Menu.Item>
            <Menu.Item leftSection={<Icon name="tag" />} onClick={() => setDialog("tags")}>
              Edit tags…
            </Menu.Item>
            <Menu.Item leftSection={<Icon name="trash" />} onClick={() => remove.mutate()}>
              Move to trash
            </Menu.Item>
          </Menu.Dropdown>
        )}
      </Menu>
      {dialog === "rename" && (
        <NameDialog
          title="Rename the experiment"
          label="Name"
          action="Rename"
          start={name}
          onClose={() => setDialog(null)}
          submit={(text) => renameExperiment(id, text).then(refresh)}
        />
      )}
      {dialog === "tags" && <TagsDialog experiment={experiment} onClose={() => setDialog(null)} />}
    </>
  );
}
