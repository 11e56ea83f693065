import { Menu } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import {
  deleteExperiment,
  type Experiment,
  experimentKeys,
  renameExperiment,
  restoreExperiment,
} from "@/api/experiments.ts";
import { type RunQuery, runCount } from "@/api/runs.ts";
import { IconButton } from "@/components/Button.tsx";
import { NameDialog } from "@/components/Dialog.tsx";
import { Icon } from "@/components/Icon.tsx";
import { ownTags, TagChips } from "@/components/TagChips.tsx";
import { formatAgo, formatTime, plural } from "@/lib/format.ts";
import { toast, toastFailure } from "@/lib/toasts.ts";
import { useNow } from "@/lib/useNow.ts";
import styles from "./ExperimentsPage.module.css";
import { TagsDialog } from "./TagsDialog.tsx";

interface ExperimentRowProps {
  experiment: Experiment;
  deleted: boolean;
  ticked: boolean;
  toggle: (id: string) => void;
  top: number;
}

export function ExperimentRow({ experiment, deleted, ticked, toggle, top }: ExperimentRowProps) {
  const now = useNow();
  const { experiment_id: id, name, tags } = experiment;
  const query: RunQuery = {
    experimentIds: [id],
    filter: "",
    orderBy: [],
    view: deleted ? "DELETED_ONLY" : "ACTIVE_ONLY",
  };
  const runs = useQuery(runCount(query));
  const running = useQuery({
    ...runCount({ ...query, filter: "status = 'RUNNING'" }),
    enabled: !deleted && !!runs.data,
  });
  const updated = experiment.last_update_time ?? experiment.creation_time;
  return (
    <li className={styles.row} data-ticked={ticked} style={{ transform: `translateY(${top}px)` }}>
      <input type="checkbox" aria-label={`Select ${name}`} checked={ticked} onChange={() => toggle(id)} />
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
        {runs.data === undefined ? "" : plural(runs.data, "run")}
      </span>
      <span className={styles.running} style={{ color: "var(--run)" }}>
        {running.data ? `● ${running.data.toLocaleString("en-US")} running` : ""}
      </span>
      <span className={styles.quiet} title={updated ? formatTime(updated) : undefined}>
        {updated ? formatAgo(updated, now) : ""}
      </span>
      <div className={styles.tags}>
        <TagChips tags={ownTags(tags)} />
      </div>
      <RowMenu experiment={experiment} deleted={deleted} />
    </li>
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
