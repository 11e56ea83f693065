import { useMutation, useQueryClient } from "@tanstack/react-query";
import { deleteExperiment, type Experiment, experimentKeys, restoreExperiment } from "@/api/experiments.ts";
import { toast, toastFailure } from "@/lib/toasts.ts";

interface EditExperiment {
  refresh: () => Promise<void>;
  remove: () => void;
  restore: () => void;
}

/** Moving an experiment to the trash and back; each is followed by reading experiments again. */
export function useEditExperiment({ experiment_id: id, name }: Experiment): EditExperiment {
  const queries = useQueryClient();
  const refresh = async () => {
    await queries.invalidateQueries({ queryKey: experimentKeys.all });
    await queries.invalidateQueries({ queryKey: ["runs"] }); // which go with it
  };
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
  return { refresh, remove: remove.mutate, restore: restore.mutate };
}
