import { useMutation, useQueryClient } from "@tanstack/react-query";
import { modelKeys } from "@/api/models.ts";
import { type Toast, toast, toastFailure } from "@/lib/toasts.ts";

interface Edit {
  call: () => Promise<unknown>;
  done?: string;
  undo?: () => void;
}

/** Runs a change of the registry, says how it went, and reads what is shown anew. */
export function useEditModel(): (edit: Edit) => void {
  const queries = useQueryClient();
  const { mutate } = useMutation({
    mutationFn: ({ call }: Edit) => call(),
    onSuccess: (_, { done, undo }) => {
      const action: Toast["action"] = undo && { label: "Undo", run: undo };
      if (done) toast(done, action);
    },
    onError: toastFailure,
    onSettled: () => queries.invalidateQueries({ queryKey: modelKeys.all }),
  });
  return mutate;
}
