import { useQueryClient } from "@tanstack/react-query";
import { deleteExperiment, experimentKeys, renameExperiment, restoreExperiment } from "@/api/experiments.ts";
import { useEdit } from "@/lib/useEdit.ts";

interface EditExperiment {
  remove: () => void;
  restore: () => void;
  /** Resolves when the new name is on screen. */
  rename: (name: string) => Promise<void>;
}

/** Moving an experiment to the trash and back, and its runs with it; another name for it. */
export function useEditExperiment(id: string, name: string): EditExperiment {
  const queries = useQueryClient();
  const edit = useEdit(experimentKeys.all, ["runs"]);
  const restore = () => edit({ call: () => restoreExperiment(id), done: `“${name}” is back.` });
  const remove = () =>
    edit({ call: () => deleteExperiment(id), done: `“${name}” is in the trash.`, undo: restore });
  const rename = async (to: string) => {
    await renameExperiment(id, to);
    await queries.invalidateQueries({ queryKey: experimentKeys.all });
  };
  return { remove, restore, rename };
}
