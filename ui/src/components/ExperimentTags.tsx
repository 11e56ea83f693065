import { useMutation, useQueryClient } from "@tanstack/react-query";
import { deleteExperimentTag, type Experiment, experimentKeys, setExperimentTag } from "@/api/experiments.ts";
import { toastFailure } from "@/lib/toasts.ts";
import { Dialog } from "./Dialog.tsx";
import { ownTags, TagChips } from "./TagChips.tsx";

export function ExperimentTags({ experiment, onClose }: { experiment: Experiment; onClose: () => void }) {
  const queries = useQueryClient();
  const { experiment_id: id, name, tags } = experiment;
  const edit = useMutation({
    mutationFn: ({ key, value }: { key: string; value: string | null }) =>
      value === null ? deleteExperimentTag(id, key) : setExperimentTag(id, key, value),
    onError: toastFailure,
    onSettled: () => queries.invalidateQueries({ queryKey: experimentKeys.all }),
  });
  return (
    <Dialog title={`Tags of ${name}`} onClose={onClose}>
      <TagChips
        tags={ownTags(tags)}
        onSet={(key, value) => edit.mutate({ key, value })}
        onRemove={(key) => edit.mutate({ key, value: null })}
      />
    </Dialog>
  );
}
