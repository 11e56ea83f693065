import { deleteExperimentTag, type Experiment, experimentKeys, setExperimentTag } from "@/api/experiments.ts";
import { useEdit } from "@/lib/useEdit.ts";
import { Dialog } from "./Dialog.tsx";
import { ownTags, TagChips } from "./TagChips.tsx";

export function ExperimentTags({ experiment, onClose }: { experiment: Experiment; onClose: () => void }) {
  const { experiment_id: id, name, tags } = experiment;
  const edit = useEdit(experimentKeys.all);
  const set = (key: string, value: string) => edit({ call: () => setExperimentTag(id, key, value) });
  const remove = (key: string) => edit({ call: () => deleteExperimentTag(id, key) });
  return (
    <Dialog title={`Tags of ${name}`} onClose={onClose}>
      <TagChips tags={ownTags(tags)} onSet={set} onRemove={remove} />
    </Dialog>
  );
}
