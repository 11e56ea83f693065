import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type Experiment, experimentKeys, renameExperiment } from "@/api/experiments.ts";
import { copyText } from "@/lib/copy.ts";
import { IconButton } from "./Button.tsx";
import { NameDialog } from "./Dialog.tsx";
import { ExperimentTags } from "./ExperimentTags.tsx";
import { Icon } from "./Icon.tsx";
import { Menu } from "./Menu.tsx";
import { useEditExperiment } from "./useEditExperiment.ts";

/** What can be done with an experiment, in the list and on its own pages. */
export function ExperimentMenu({ experiment }: { experiment: Experiment }) {
  const [dialog, setDialog] = useState<"rename" | "tags" | null>(null);
  const { experiment_id: id, name, lifecycle_stage } = experiment;
  const edit = useEditExperiment(experiment);
  const queries = useQueryClient();
  const renamed = () => queries.invalidateQueries({ queryKey: experimentKeys.all });
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <IconButton icon="more" label={`Actions for ${name}`} />
        </Menu.Target>
        {lifecycle_stage === "deleted" ? (
          <Menu.Dropdown>
            <Menu.Item leftSection={<Icon name="restore" />} onClick={edit.restore}>
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
            <Menu.Item leftSection={<Icon name="copy" />} onClick={() => copyText(id, "Experiment id")}>
              Copy the id {id}
            </Menu.Item>
            <Menu.Item leftSection={<Icon name="trash" />} onClick={edit.remove}>
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
          submit={(text) => renameExperiment(id, text).then(renamed)}
        />
      )}
      {dialog === "tags" && <ExperimentTags experiment={experiment} onClose={() => setDialog(null)} />}
    </>
  );
}
