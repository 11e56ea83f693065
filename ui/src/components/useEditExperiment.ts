import { deleteExperiment, type Experiment, experimentKeys, restoreExperiment } from "@/api/experiments.ts";
import { useEdit } from "@/lib/useEdit.ts";

interface EditExperiment {
  remove: () => void;
  restore: () => void;
}

/** Moving an experiment to the trash and back, and its runs with it. */
export function useEditExperiment({ experiment_id: id, name }: Experiment): EditExperiment {
  const edit = useEdit(experimentKeys.all, ["runs"]);
  const restore = () => edit({ call: () => restoreExperiment(id), done: `“${name}” is back.` });
  const remove = () =>
    edit({ call: () => deleteExperiment(id), done: `“${name}” is in the trash.`, undo: restore });
  return { remove, restore };
}
