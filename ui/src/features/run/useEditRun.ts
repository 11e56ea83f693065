import { useMutation, useQueryClient } from "@tanstack/react-query";
import { deleteRuns, type Run, restoreRuns, runKeys, tagRuns } from "@/api/runs.ts";
import { toast, toastFailure } from "@/lib/toasts.ts";

interface EditRun {
  refresh: () => Promise<void>;
  remove: () => void;
  restore: () => void;
  setTag: (key: string, value: string) => void;
  removeTag: (key: string) => void;
}

/** Changes to one run; each is followed by reading it again. */
export function useEditRun(run: Run): EditRun {
  const queries = useQueryClient();
  const refresh = () => queries.invalidateQueries({ queryKey: runKeys.all });
  const edit = useMutation({
    mutationFn: async ({
      call,
    }: {
      call: () => ReturnType<typeof deleteRuns>;
      done?: string;
      undo?: () => void;
    }) => {
      const refused = (await call()).refused?.[0];
      if (refused) throw new Error(refused.message);
    },
    onSuccess: (_, { done, undo }) => done && toast(done, undo && { label: "Undo", run: undo }),
    onError: toastFailure,
    onSettled: refresh,
  });
  const ids = [run.id];
  const restore = () => edit.mutate({ call: () => restoreRuns(ids), done: `“${run.name}” is back.` });
  return {
    refresh,
    restore,
    remove: () =>
      edit.mutate({ call: () => deleteRuns(ids), done: `“${run.name}” is in the trash.`, undo: restore }),
    setTag: (key, value) => edit.mutate({ call: () => tagRuns(ids, { [key]: value }) }),
    removeTag: (key) => edit.mutate({ call: () => tagRuns(ids, {}, [key]) }),
  };
}
