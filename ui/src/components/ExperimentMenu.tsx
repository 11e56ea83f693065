import { lazy, Suspense, useState } from "react";
import type { Experiment } from "@/api/experiments.ts";
import { copyText } from "@/lib/copy.ts";
import { IconButton } from "./Button.tsx";
import { Icon } from "./Icon.tsx";
import { Menu } from "./Menu.tsx";
import { useEditExperiment } from "./useEditExperiment.ts";

const ExperimentTags = lazy(() =>
  import("./ExperimentTags.tsx").then(({ ExperimentTags }) => ({ default: ExperimentTags })),
);

interface ExperimentMenuProps {
  experiment: Experiment;
  /** Makes its name a field. */
  rename: () => void;
}

/** What can be done with an experiment, in the list and on its own pages. */
export function ExperimentMenu({ experiment, rename }: ExperimentMenuProps) {
  const [tagging, setTagging] = useState(false);
  const { experiment_id: id, name, lifecycle_stage } = experiment;
  const edit = useEditExperiment(id, name);
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
            <Menu.Item leftSection={<Icon name="pencil" />} onClick={rename}>
              Rename
            </Menu.Item>
            <Menu.Item leftSection={<Icon name="tag" />} onClick={() => setTagging(true)}>
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
      {tagging && (
        <Suspense>
          <ExperimentTags experiment={experiment} onClose={() => setTagging(false)} />
        </Suspense>
      )}
    </>
  );
}
